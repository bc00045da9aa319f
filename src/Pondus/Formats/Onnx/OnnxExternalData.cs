using System.Globalization;

namespace Pondus.Formats.Onnx;

/// <summary>The files beside a model in which its tensors may lie: only in its folder and below.</summary>
internal sealed class OnnxExternalData(string modelPath, List<WeightRemark> remarks) : IDisposable
{
    private const int MaxKeptOpen = 64;

    private readonly Dictionary<string, RandomAccessFile> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _lengths = new(StringComparer.Ordinal);
    private readonly HashSet<string> _missing = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private bool _isDisposed;

    /// <summary>Gives the reader of a tensor's bytes; null, with a remark, when the file is not there.</summary>
    public WeightBytesReader? Reader(string tensor, Dictionary<string, string> settings, long bytes, long at)
    {
        string location = settings.GetValueOrDefault("location") ?? string.Empty;
        long offset = Number(tensor, settings, "offset", 0, at);
        long length = Number(tensor, settings, "length", bytes, at);
        string path = NeighborPath.Resolve(modelPath, location)
            ?? throw Error(at, $"tensor '{tensor}': expected external data in the model's folder or below it, got '{location}', which leads out. It was not opened.");
        if (length != bytes)
        {
            throw Error(at, $"tensor '{tensor}': expected {bytes} bytes in '{location}', got a length of {length}.");
        }

        if (!File.Exists(path))
        {
            if (_missing.Add(location))
            {
                remarks.Add(new WeightRemark(WeightRemarkKind.Refused, location, $"Tensors lie in the file '{location}', which is not beside the model: tensor '{tensor}' and others of it cannot be read."));
            }

            return null;
        }

        long fileBytes = LengthOf(path);
        return offset <= fileBytes - length
            ? (from, destination) => Read(path, offset + from, destination)
            : throw Error(at, $"tensor '{tensor}': expected {length} bytes from {offset} in '{location}', got a file of {fileBytes} bytes.");
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
            foreach (RandomAccessFile file in _files.Values)
            {
                file.Dispose();
            }
        }
    }

    private static RandomAccessFile Open(string path) => RandomAccessFile.Open(path, "a file of external tensor data");

    // Of the file itself: the system gives the length of a link.
    private long LengthOf(string path)
    {
        if (!_lengths.TryGetValue(path, out long length))
        {
            using RandomAccessFile file = Open(path);
            _lengths[path] = length = file.Length;
        }

        return length;
    }

    // A file a tensor is common: beyond some, files are closed again.
    private void Read(string path, long offset, Span<byte> destination)
    {
        RandomAccessFile? file;
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (!_files.TryGetValue(path, out file) && _files.Count < MaxKeptOpen)
            {
                file = Open(path);
                _files.Add(path, file);
            }
        }

        if (file is not null)
        {
            file.Read(offset, destination);
            return;
        }

        using RandomAccessFile brief = Open(path);
        brief.Read(offset, destination);
    }

    private long Number(string tensor, Dictionary<string, string> settings, string key, long missing, long at)
    {
        if (!settings.TryGetValue(key, out string? text))
        {
            return missing;
        }

        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            ? number
            : throw Error(at, $"tensor '{tensor}': expected external data's {key} as a number of at least 0, got '{text}'.");
    }

    private WeightFormatException Error(long at, string message) => new(modelPath, at, message);
}
