using System.Globalization;
using Pondus.Layers;

namespace Pondus.Networks;

/// <summary>A U-Net that is told the time: it predicts the noise in a picture, given how much there is.</summary>
/// <remarks>
/// <para>Going down, each level has a residual block and halves the size; going up, it doubles the size, takes in what its level had on the way down, and has another block.</para>
/// <para>Shape: x (batch, channels, height, width) and t (batch) to the shape of x; sizes divisible by 2 for each level but the first.</para>
/// <para>Names: <c>t1</c>, <c>t2</c> (time), <c>ci</c>, <c>co</c> (first and last convolution), <c>r1</c>, <c>r2</c>, ... (blocks), <c>d1</c>, <c>d2</c>, ... (down), ..., <c>u2</c>, <c>u1</c> (up), <c>no</c> (norm).</para>
/// <para>Source: Ho, Jain and Abbeel 2020, arXiv:2006.11239, appendix B, without attention; the time as in Vaswani et al. 2017, section 3.5.</para>
/// </remarks>
public sealed class DiffusionUNet : Module
{
    private const int NormGroups = 8;
    private readonly Linear _time1;
    private readonly Linear _time2;
    private readonly Conv2d _first;
    private readonly TimedResidual[] _blocks;
    private readonly Conv2d[] _downs;
    private readonly Conv2d[] _ups;
    private readonly Upsample[] _doublings;
    private readonly GroupNorm _norm;
    private readonly Conv2d _last;
    private readonly Tensor _frequencies;

    /// <summary>Makes the network.</summary>
    /// <param name="channels">Channels of the pictures, at least 1.</param>
    /// <param name="widths">Channels of each level, multiples of 8, at least one level.</param>
    /// <param name="random">Source of the starting values.</param>
    /// <param name="timeWidth">Width of what the blocks are told of the time, a multiple of 4, at least 4.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is outside its range.</exception>
    public DiffusionUNet(int channels, ReadOnlySpan<int> widths, RandomSource random, int timeWidth = 128)
    {
        int levels = widths.Length;
        if (levels == 0 || widths.ContainsAnyInRange(int.MinValue, 0) || timeWidth < 4 || timeWidth % 4 != 0)
        {
            throw new ArgumentOutOfRangeException(nameof(widths), $"DiffusionUNet: expected at least one level of at least 1 channel and a time width divisible by 4, got {levels} levels and {timeWidth}.");
        }

        int frequencies = timeWidth / 4;
        _time1 = AddModule("t1", new Linear(2 * frequencies, timeWidth, random));
        _time2 = AddModule("t2", new Linear(timeWidth, timeWidth, random));
        _first = AddModule("ci", new Conv2d(channels, widths[0], 3, random, padding: 1));
        _blocks = new TimedResidual[(2 * levels) - 1];
        _downs = new Conv2d[levels - 1];
        _ups = new Conv2d[levels - 1];

        // One for each level: the layer keeps the tables of the last size that it saw.
        _doublings = [.. _ups.Select(static _ => new Upsample(2))];
        for (int i = 0; i < levels; i++)
        {
            _blocks[i] = AddModule(Name("r", i + 1), new TimedResidual(widths[i], widths[i], timeWidth, NormGroups, random));
            if (i + 1 < levels)
            {
                _downs[i] = AddModule(Name("d", i + 1), new Conv2d(widths[i], widths[i + 1], 3, random, stride: 2, padding: 1));
            }
        }

        for (int i = levels - 2; i >= 0; i--)
        {
            int place = (2 * levels) - 2 - i;
            _ups[i] = AddModule(Name("u", i + 1), new Conv2d(widths[i + 1], widths[i], 3, random, padding: 1));
            _blocks[place] = AddModule(Name("r", place + 1), new TimedResidual(2 * widths[i], widths[i], timeWidth, NormGroups, random));
        }

        _norm = AddModule("no", new GroupNorm(NormGroups, widths[0]));
        _last = AddModule("co", new Conv2d(widths[0], channels, 3, random, padding: 1));
        _frequencies = Tensor.Of([.. Enumerable.Range(0, frequencies).Select(i => MathF.Exp(-MathF.Log(1e4f) * i / frequencies))], [1, frequencies]);
    }

    /// <summary>Predicts.</summary>
    /// <param name="x">Pictures with noise, (batch, channels, height, width).</param>
    /// <param name="t">Their times, (batch): how many steps of noise were added.</param>
    /// <returns>The noise, in the shape of <paramref name="x"/>.</returns>
    /// <exception cref="ShapeException">A size does not fit.</exception>
    public Tensor Forward(Tensor x, Tensor t)
    {
        int unit = 1 << _downs.Length;
        if (x.Rank != 4 || x.Shape[2] % unit != 0 || x.Shape[3] % unit != 0 || t.Rank != 1 || t.Shape[0] != x.Shape[0])
        {
            throw new ShapeException($"DiffusionUNet: expected pictures (batch, channels, height, width) with sizes divisible by {unit} and a time for each, got {x.Shape} and {t.Shape}.");
        }

        Tensor angles = t.Reshape([t.Count, 1]) * _frequencies;
        Tensor time = _time2.Forward(_time1.Forward(Tensor.Concatenate(1, angles.Sine(), angles.Cosine())).Silu()).Silu();
        return _last.Forward(_norm.Forward(Level(0, _first.Forward(x), time), silu: true));
    }

    /// <summary>A level with all that lie below it.</summary>
    private Tensor Level(int level, Tensor x, Tensor time)
    {
        Tensor h = _blocks[level].Forward(x, time);
        if (level == _downs.Length)
        {
            return h;
        }

        Tensor below = Level(level + 1, _downs[level].Forward(h), time);
        return _blocks[^(level + 1)].Forward(Tensor.Concatenate(1, _ups[level].Forward(_doublings[level].Forward(below)), h), time);
    }

    private static string Name(string kind, int number) => kind + number.ToString(CultureInfo.InvariantCulture);
}
