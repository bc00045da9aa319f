namespace Pondus.Formats.PyTorch;

/// <summary>A pickled NumPy array, whose bytes lie in the pickle.</summary>
internal sealed class NumpyArray(long offset)
{
    public long Offset { get; } = offset;

    public long[] Shape { get; set; } = [];

    public NumpyType? Type { get; set; }

    /// <summary>Gets or sets whether the first axis lies closest together.</summary>
    public bool IsFortran { get; set; }

    /// <summary>Gets or sets the bytes; null for an array of Python objects.</summary>
    public byte[]? Bytes { get; set; }
}
