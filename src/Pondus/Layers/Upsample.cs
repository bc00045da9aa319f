using Pondus.Kernels;

namespace Pondus.Layers;

/// <summary>Resizes images to a size or by a factor; it makes them smaller too, without averaging.</summary>
/// <remarks>
/// <para>Formula: an output at place i lies at (i + 0.5) / factor - 0.5 of the input or, with aligned corners, at i (input - 1) / (output - 1); nearest takes floor(i / factor).</para>
/// <para>Shape: (batch, C, height, width) to (batch, C, floor(factor height), floor(factor width)), or to the given size.</para>
/// <para>Source: Keys, IEEE Trans. ASSP 29, 1981, for the cubic curve, with a = -0.75 as in PyTorch.</para>
/// </remarks>
public sealed class Upsample : Resampling
{
    private readonly Size2d? _size;

    /// <summary>Makes a layer that resizes by a factor.</summary>
    /// <param name="factor">Output size over input size, above 0.</param>
    /// <param name="mode">How values are made.</param>
    /// <param name="alignCorners">Whether the corner places of input and output are the same; of no use to nearest.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="factor"/> is not above 0.</exception>
    public Upsample(double factor, UpsampleMode mode = UpsampleMode.Nearest, bool alignCorners = false)
        : base(image: true)
    {
        Factor = factor is > 0 and < int.MaxValue
            ? factor
            : throw new ArgumentOutOfRangeException(nameof(factor), factor, $"Upsample: expected a factor above 0, got {factor}.");
        Mode = mode;
        AlignCorners = alignCorners;
    }

    private Upsample(Size2d size, UpsampleMode mode, bool alignCorners)
        : base(image: true)
    {
        _size = size;
        Mode = mode;
        AlignCorners = alignCorners;
    }

    /// <summary>Gets the size of the output, or null where it follows from the factor.</summary>
    public Size2d? Size => _size;

    /// <summary>Gets the output's size over the input's; 0 where the size is given.</summary>
    public double Factor { get; }

    /// <summary>Gets how values are made.</summary>
    public UpsampleMode Mode { get; }

    /// <summary>Gets whether the corner places of input and output are the same.</summary>
    public bool AlignCorners { get; }

    /// <summary>Makes a layer that resizes to a size.</summary>
    /// <param name="size">Height and width of the output, at least 1.</param>
    /// <param name="mode">How values are made.</param>
    /// <param name="alignCorners">Whether the corner places of input and output are the same; of no use to nearest.</param>
    /// <returns>The layer.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="size"/> is below 1.</exception>
    public static Upsample ToSize(Size2d size, UpsampleMode mode = UpsampleMode.Nearest, bool alignCorners = false) => Math.Min(size.Height, size.Width) >= 1
        ? new Upsample(size, mode, alignCorners)
        : throw new ArgumentOutOfRangeException(nameof(size), $"Upsample: expected a size of at least 1, got {size}.");

    /// <inheritdoc/>
    public override string ToString() =>
        $"Upsample({(_size is { } size ? $"to {size}" : $"{Factor}")}, {Mode switch { UpsampleMode.Bilinear => "bilinear", UpsampleMode.Bicubic => "bicubic", _ => "nearest" }}{(AlignCorners ? ", aligned corners" : string.Empty)})";

    private protected override ResampleAxis? Axis(int size, bool vertical)
    {
        int output = _size is { } given ? (vertical ? given.Height : given.Width) : (int)(size * Factor);
        if (size < 1 || output < 1)
        {
            return null;
        }

        ResampleAxis axis = new(size, output, Mode switch { UpsampleMode.Bilinear => 2, UpsampleMode.Bicubic => 4, _ => 1 });
        double step = _size is null ? 1 / Factor : (double)size / output;
        for (int i = 0; i < output; i++)
        {
            if (Mode == UpsampleMode.Nearest)
            {
                axis.Places[i] = Math.Min(size - 1, (int)(i * step));
                axis.Weights[i] = 1f;
                continue;
            }

            double place = AlignCorners ? (output > 1 ? i * (size - 1.0) / (output - 1) : 0) : ((i + 0.5) * step) - 0.5;
            if (Mode == UpsampleMode.Bilinear)
            {
                place = Math.Max(0, place);
                int first = Math.Min(size - 1, (int)place);
                Set(axis, 2 * i, first, 1 - (place - first));
                Set(axis, (2 * i) + 1, Math.Min(size - 1, first + 1), place - first);
            }
            else
            {
                int first = (int)Math.Floor(place);
                for (int k = -1; k <= 2; k++)
                {
                    Set(axis, (4 * i) + k + 1, Math.Clamp(first + k, 0, size - 1), Cubic(place - first - k));
                }
            }
        }

        return axis;
    }

    private static void Set(ResampleAxis axis, int at, int place, double weight)
    {
        axis.Places[at] = place;
        axis.Weights[at] = (float)weight;
    }

    private static double Cubic(double distance)
    {
        const double A = -0.75;
        double d = Math.Abs(distance);
        return d <= 1 ? (((((A + 2) * d) - (A + 3)) * d) * d) + 1 : (((((A * d) - (5 * A)) * d) + (8 * A)) * d) - (4 * A);
    }
}
