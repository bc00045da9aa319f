namespace Pondus.Onnx.Operators;

/// <summary>The elements of an axis that a coordinate from -1 to 1 falls between, with their weights.</summary>
internal sealed class GridAxis
{
    private const double CubicShape = -0.75;

    private readonly bool _corners;
    private readonly string _padding;
    private readonly double _least;
    private readonly double _largest;

    public GridAxis(OnnxCall call, int size, bool corners, string mode, string padding)
    {
        Size = size;
        _corners = corners;
        _padding = padding is "zeros" or "border" or "reflection"
            ? padding
            : throw call.Error($"expected padding_mode zeros, border or reflection, got '{padding}'.");
        Count = mode switch
        {
            "nearest" => 1,
            "linear" or "bilinear" => 2,
            "cubic" or "bicubic" => 4,
            _ => throw call.Error($"expected mode nearest, linear or cubic, got '{mode}'."),
        };
        _least = corners ? 0 : -0.5;
        _largest = corners ? size - 1 : size - 0.5;
    }

    /// <summary>Size of the axis.</summary>
    public int Size { get; }

    /// <summary>Number of elements that count.</summary>
    public int Count { get; }

    /// <summary>Their places; -1 outside.</summary>
    public int[] Places { get; } = new int[4];

    /// <summary>Their weights.</summary>
    public double[] Weights { get; } = [1, 0, 0, 0];

    public void Set(double coordinate)
    {
        double x = _corners ? (coordinate + 1) / 2 * (Size - 1) : (((coordinate + 1) * Size) - 1) / 2;
        if (!double.IsFinite(x))
        {
            x = _least - 1;
        }

        x = Count == 1 ? Math.Round(x) : x;
        if (Count < 4)
        {
            x = _padding switch
            {
                "border" => Math.Clamp(x, 0, Math.Max(0, Size - 1)),
                "reflection" => Reflect(x),
                _ => x,
            };
        }

        // The clamp keeps what is far outside an integer.
        double first = Math.Clamp(Math.Floor(x), -1e9, 1e9), t = x - Math.Floor(x);
        int start = (int)first - (Count == 4 ? 1 : 0);
        for (int i = 0; i < Count; i++)
        {
            Places[i] = Place(start + i);
        }

        if (Count == 2)
        {
            Weights[0] = 1 - t;
            Weights[1] = t;
        }
        else if (Count == 4)
        {
            Weights[0] = Far(1 + t);
            Weights[1] = Near(t);
            Weights[2] = Near(1 - t);
            Weights[3] = Far(2 - t);
        }
    }

    private static double Near(double d) => ((((CubicShape + 2) * d) - (CubicShape + 3)) * d * d) + 1;

    private static double Far(double d) => (((((CubicShape * d) - (5 * CubicShape)) * d) + (8 * CubicShape)) * d) - (4 * CubicShape);

    private int Place(int index)
    {
        int place = _padding switch
        {
            "border" => Math.Clamp(index, 0, Math.Max(0, Size - 1)),
            "reflection" => (int)Reflect(index),
            _ => index,
        };
        return place >= 0 && place < Size ? place : -1;
    }

    private double Reflect(double x)
    {
        double range = _largest - _least;
        if (range <= 0)
        {
            return 0;
        }

        double beyond = x < _least ? _least - x : x > _largest ? x - _largest : 0;
        if (beyond == 0)
        {
            return x;
        }

        double turns = Math.Floor(beyond / range), rest = beyond - (turns * range);
        return (turns % 2 == 0) == (x < _least) ? _least + rest : _largest - rest;
    }
}
