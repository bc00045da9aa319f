using Pondus.Formats.Protobuf;

namespace Pondus.Formats.Onnx;

/// <summary>Writes ONNX files.</summary>
/// <remarks>A file of protocol buffers holds less than 2 GB: beyond that, or when asked, the large tensors go to one file beside the model.</remarks>
public static class OnnxWriter
{
    private const long MaxInlineBytes = int.MaxValue - (1L << 20);
    private const int LargeBytes = 1024;
    private const int Alignment = 64;

    /// <summary>Writes a model in one step: an existing file is replaced whole or not at all.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="model">The model; its tensors are read while writing.</param>
    /// <param name="externalData">Whether tensors of 1,024 bytes and more go to a file beside it, whose name is the model's with <c>.data</c> behind; null decides by the size.</param>
    /// <exception cref="IOException">The disk is full, or the folder is missing or not writable.</exception>
    public static void Save(string path, OnnxModel model, bool? externalData = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(model);
        OnnxMessages messages = new(null);
        ProtobufMessage message = messages.Model(model);
        if (externalData ?? message.Length > MaxInlineBytes)
        {
            SaveApart(path, model);
            return;
        }

        AtomicFile.Write(path, message.WriteTo);
    }

    private static void SaveApart(string path, OnnxModel model)
    {
        string location = Path.GetFileName(path) + ".data";
        List<WeightEntry> apart = [];
        long end = 0;
        OnnxMessages messages = new(entry =>
        {
            if (entry.ByteCount < LargeBytes)
            {
                return null;
            }

            long offset = (end + Alignment - 1) / Alignment * Alignment;
            end = offset + entry.ByteCount;
            apart.Add(entry);
            return (location, offset);
        });
        ProtobufMessage message = messages.Model(model);
        AtomicFile.Write(path + ".data", stream =>
        {
            foreach (WeightEntry entry in apart)
            {
                stream.Write(new byte[(Alignment - (stream.Position % Alignment)) % Alignment]);
                entry.CopyTo(stream);
            }
        });
        AtomicFile.Write(path, message.WriteTo);
    }
}
