using Pondus.Kernels;

namespace Pondus.Layers;

/// <summary>The mean of each of a given number of windows that are spread evenly over signals, channel by channel.</summary>
/// <remarks>
/// <para>Formula: window i of n over a size begins at floor(i size / n) and ends before ceil((i + 1) size / n).</para>
/// <para>Shape: (batch, C, length) to (batch, C, output).</para>
/// <para>Source: He et al. 2014, arXiv:1406.4729, with one level.</para>
/// </remarks>
public sealed class AdaptiveAvgPool1d : Pooling
{
    /// <summary>Makes the layer.</summary>
    /// <param name="outputSize">Number of windows, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="outputSize"/> is below 1.</exception>
    public AdaptiveAvgPool1d(int outputSize)
        : base(image: false, average: true)
    {
        if (outputSize < 1)
        {
            throw new ArgumentOutOfRangeException(nameof(outputSize), $"AdaptiveAvgPool1d: expected an output size of at least 1, got {outputSize}.");
        }

        OutputSize = outputSize;
    }

    /// <summary>Gets the number of windows.</summary>
    public int OutputSize { get; }

    /// <inheritdoc/>
    public override string ToString() => $"AdaptiveAvgPool1d({OutputSize})";

    private protected override PoolAxis Axis(int size, bool vertical) => PoolAxis.Adaptive(size, size == 0 ? 0 : OutputSize);
}
