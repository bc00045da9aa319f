namespace Pondus.Formats.Onnx;

/// <summary>The format ONNX, see FORMAT.md beside this file.</summary>
public sealed class OnnxFormat : IWeightFormat
{
    /// <inheritdoc/>
    public string Name => "onnx";

    /// <inheritdoc/>
    public IReadOnlyList<string> Extensions { get; } = [".onnx"];

    /// <inheritdoc/>
    public bool CanWrite => false;

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
    public void Save(string path, IReadOnlyList<WeightEntry> entries, IReadOnlyDictionary<string, string> metadata) =>
        throw new NotSupportedException($"{path}: expected a network to write as ONNX, got tensors without a graph.");
}
