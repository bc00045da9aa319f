namespace Pondus.Formats.Onnx;

/// <summary>The format ONNX, see FORMAT.md beside this file.</summary>
public sealed class OnnxFormat : IWeightFormat
{
    private const int Opset = 21;

    /// <inheritdoc/>
    public string Name => "onnx";

    /// <inheritdoc/>
    public IReadOnlyList<string> Extensions { get; } = [".onnx"];

    /// <inheritdoc/>
    public bool CanWrite => true;

    /// <inheritdoc/>
    public bool Matches(WeightProbe probe)
    {
        ArgumentNullException.ThrowIfNull(probe);
        return !probe.IsFolder && OnnxSignature.Fits(probe.Head.Span, probe.Length);
    }

    /// <inheritdoc/>
    public WeightFile Open(string path) => OnnxFile.Open(path);

    /// <inheritdoc/>
    public bool Holds(string dataType) => OnnxTypes.Find(dataType) != OnnxType.Undefined;

    /// <inheritdoc/>
    /// <remarks>The model has a graph without nodes: its tensors are initializers.</remarks>
    public void Save(string path, IReadOnlyList<WeightEntry> entries, IReadOnlyDictionary<string, string> metadata)
    {
        ArgumentNullException.ThrowIfNull(entries);
        ArgumentNullException.ThrowIfNull(metadata);
        WriterChecks.Require(path, entries, entry =>
            !Holds(entry.DataType) ? $"expected a type that ONNX has, got {entry.DataType}"
            : entry.Name.Length == 0 ? "expected a name, got none"
            : null);
        List<OnnxTensor> tensors =
        [
            .. entries.Select(static entry => new OnnxTensor { Name = entry.Name, Type = OnnxTypes.Find(entry.DataType), Dims = entry.Shape.ToArray(), Entry = entry }),
        ];
        OnnxWriter.Save(path, new OnnxModel
        {
            IrVersion = tensors.Count == 0 ? 10 : tensors.Max(static tensor => IrVersion(tensor.Type)),
            ProducerName = "pondus",
            Opsets = new Dictionary<string, long>(StringComparer.Ordinal) { [string.Empty] = Opset },
            Graph = new OnnxGraph { Name = "weights", Initializers = tensors },
            Metadata = metadata.Where(static pair => !OnnxFile.IsOwnKey(pair.Key)).ToDictionary(StringComparer.Ordinal),
        });
    }

    // The oldest version that has the type, as programs read old versions longest.
    private static int IrVersion(OnnxType type) => type switch
    {
        >= OnnxType.UInt2 => 13,
        OnnxType.Float8E8M0 => 12,
        OnnxType.Float4E2M1 => 11,
        _ => 10,
    };
}
