namespace Pondus.Formats.PyTorch;

/// <summary>A tensor as a pickle describes it: a window on a storage. Nothing is checked against the storage yet.</summary>
internal sealed class TorchTensor(TorchStorage storage, long start, long[] shape, long[] strides, long offset)
{
    public TorchStorage Storage { get; } = storage;

    /// <summary>Gets the first element's place in the storage.</summary>
    public long Start { get; } = start;

    public long[] Shape { get; } = shape;

    public long[] Strides { get; } = strides;

    /// <summary>Gets the offset in the file where it is described.</summary>
    public long Offset { get; } = offset;

    /// <summary>Gets the dtype where it is not that of the storage's class, as <c>torch.uint16</c>.</summary>
    public string? Type { get; init; }

    /// <summary>Gets whether the imaginary parts are to be negated.</summary>
    public bool IsConjugate { get; init; }

    /// <summary>Gets whether the values are to be negated.</summary>
    public bool IsNegative { get; init; }

    /// <summary>Gets how integers stand for real values, or null.</summary>
    public TorchQuantizer? Quantizer { get; init; }
}
