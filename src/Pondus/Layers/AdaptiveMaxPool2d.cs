using Pondus.Kernels;

namespace Pondus.Layers;

/// <summary>The largest value of each of a given number of windows that are spread evenly over images, channel by channel.</summary>
/// <remarks>
/// <para>Formula: window i of n over a size begins at floor(i size / n) and ends before ceil((i + 1) size / n).</para>
/// <para>Shape: (batch, C, height, width) to (batch, C, outputs' height, outputs' width).</para>
/// <para>Source: He et al. 2014, arXiv:1406.4729, with one level.</para>
/// </remarks>
public sealed class AdaptiveMaxPool2d : Pooling
{
    /// <summary>Makes the layer.</summary>
    /// <param name="outputSize">Number of windows along height and width, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="outputSize"/> is below 1.</exception>
    public AdaptiveMaxPool2d(Size2d outputSize)
        : base(image: true, average: false)
    {
        if (Math.Min(outputSize.Height, outputSize.Width) < 1)
        {
            throw new ArgumentOutOfRangeException(nameof(outputSize), $"AdaptiveMaxPool2d: expected an output size of at least 1, got {outputSize}.");
        }

        OutputSize = outputSize;
    }

    /// <summary>Gets the number of windows.</summary>
    public Size2d OutputSize { get; }

    /// <inheritdoc/>
    public override string ToString() => $"AdaptiveMaxPool2d({OutputSize})";

    private protected override PoolAxis Axis(int size, bool vertical) => PoolAxis.Adaptive(size, size == 0 ? 0 : vertical ? OutputSize.Height : OutputSize.Width);
}
