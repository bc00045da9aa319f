using System.Globalization;
using Pondus.Formats.Protobuf;

namespace Pondus.Formats.Onnx;

/// <summary>An open ONNX file: its graph is read at once, its tensors when asked for.</summary>
/// <remarks>
/// <para>Entries are the initializers and the tensors of Constant nodes, those of graphs within the graph too. Nothing is run.</para>
/// <para>Tensors kept in other files are read only from the model's folder and below it.</para>
/// <para>Source: onnx.ai, Open Neural Network Exchange Intermediate Representation; see FORMAT.md beside this file.</para>
/// </remarks>
public sealed class OnnxFile : WeightFile
{
    private readonly RandomAccessFile _file;
    private readonly OnnxExternalData _external;

    private OnnxFile(RandomAccessFile file)
        : base(file.Path)
    {
        _file = file;
        List<WeightRemark> remarks = [];
        _external = new OnnxExternalData(file.Path, remarks);
        Model = new OnnxReader(file, _external).Model(new ProtobufReader(file, 0, file.Length));
        OnnxEntries entries = new(file.Path, remarks);
        entries.Add(Model.Graph, string.Empty);
        Entries = entries.List;
        Remarks = remarks;
        Metadata = MetadataOf(Model);
    }

    /// <inheritdoc/>
    public override string Format => "onnx";

    /// <summary>Gets what the file says: graph, functions, versions.</summary>
    public OnnxModel Model { get; }

    /// <summary>Opens a file and reads its graph.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The open file.</returns>
    /// <exception cref="WeightFormatException">The file breaks a rule; the message names the byte and the tensor.</exception>
    /// <exception cref="IOException">The file is missing or not readable.</exception>
    public static new OnnxFile Open(string path)
    {
        RandomAccessFile file = RandomAccessFile.Open(path, "an ONNX file");
        try
        {
            return new OnnxFile(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _file.Dispose();
        _external.Dispose();
    }

    /// <summary>Whether a key of the metadata is a field of the model, which no writer keeps as a text.</summary>
    internal static bool IsOwnKey(string key) => key is "ir_version" or "opset_import" or "producer_name" or "producer_version" or "domain" or "doc_string";

    private static Dictionary<string, string> MetadataOf(OnnxModel model)
    {
        Dictionary<string, string> metadata = new(StringComparer.Ordinal)
        {
            ["ir_version"] = model.IrVersion.ToString(CultureInfo.InvariantCulture),
            ["opset_import"] = string.Join(", ", model.Opsets.Select(static pair => $"{(pair.Key.Length == 0 ? "ai.onnx" : pair.Key)} {pair.Value}")),
        };
        Add("producer_name", model.ProducerName);
        Add("producer_version", model.ProducerVersion);
        Add("domain", model.Domain);
        Add("doc_string", model.Description);
        foreach ((string key, string value) in model.Metadata)
        {
            metadata[key] = value;
        }

        return metadata;

        void Add(string key, string value)
        {
            if (value.Length > 0)
            {
                metadata[key] = value;
            }
        }
    }
}
