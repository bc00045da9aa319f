using Pondus.Formats;

namespace Pondus.Weights;

/// <summary>A tensor seen as a matrix, read in strips along its longer side.</summary>
internal sealed class SpectrumMatrix
{
    private const int StripElements = 1 << 16;

    // Its triangle takes 2 GB; its decomposition would take hours.
    private const int LongestShortSide = 1 << 14;
    private readonly WeightEntry _entry;
    private float[]? _whole;

    private SpectrumMatrix(WeightEntry entry, long rows, long columns)
    {
        _entry = entry;
        Rows = rows;
        Columns = columns;
    }

    public long Rows { get; }

    public long Columns { get; }

    public int Short => (int)Math.Min(Rows, Columns);

    public long Long => Math.Max(Rows, Columns);

    /// <summary>Gets about how many multiplications a decomposition takes.</summary>
    public double Cost => (2.0 * Long * Short * Short) + (4.0 / 3 * Short * Short * Short);

    /// <summary>Sees a tensor as a matrix; null when it has no two sides or no real numbers.</summary>
    public static SpectrumMatrix? Of(WeightEntry entry)
    {
        int axis = 0;
        while (axis < entry.Shape.Length && entry.Shape[axis] == 1)
        {
            axis++;
        }

        if (axis >= entry.Shape.Length - 1 || entry.Count == 0 || !IsReal(entry.DataType))
        {
            return null;
        }

        long rows = entry.Shape[axis], columns = entry.Count / rows;
        return columns > 1 && Math.Min(rows, columns) <= LongestShortSide ? new SpectrumMatrix(entry, rows, columns) : null;
    }

    /// <summary>Computes the singular values, the largest first; null when an element is NaN or infinite.</summary>
    public double[]? SingularValues(CancellationToken cancellation)
    {
        int n = Short;
        SpectrumSolver solver = new(n);
        int stripRows = (int)Math.Max(1, Math.Min(Long, Math.Max(n / 4, StripElements / n)));
        double[] strip = new double[(long)stripRows * n];
        for (long first = 0; first < Long; first += stripRows)
        {
            cancellation.ThrowIfCancellationRequested();
            int count = (int)Math.Min(stripRows, Long - first);
            Span<double> part = strip.AsSpan(0, count * n);
            Read(first, count, part);
            if (!SpectrumSolver.AllFinite(part))
            {
                return null;
            }

            solver.Add(part, count, cancellation);
        }

        _whole = null;
        return solver.SingularValues(cancellation);
    }

    /// <summary>Reads all elements as float64, row-major; the tensor must fit into an array.</summary>
    public double[] ReadAll()
    {
        double[] values = new double[_entry.Count];
        ReadRows(0, Rows, values);
        return values;
    }

    private static bool IsReal(string dataType) => WeightTypes.Layout(dataType) is not null
        && !dataType.StartsWith("complex", StringComparison.Ordinal) && !dataType.StartsWith("int", StringComparison.Ordinal)
        && !dataType.StartsWith("uint", StringComparison.Ordinal) && dataType is not ("bool" or "float8_e8m0fnu");

    /// <summary>Reads lines along the longer side: rows of a tall matrix, columns of a wide one.</summary>
    private void Read(long first, int count, Span<double> values)
    {
        if (Rows >= Columns)
        {
            ReadRows(first, count, values);
            return;
        }

        // Columns lie scattered; one float32 copy serves all strips.
        float[] whole = _whole ??= ReadWhole();
        for (int j = 0; j < count; j++)
        {
            for (int i = 0; i < Rows; i++)
            {
                values[(int)((j * Rows) + i)] = whole[(i * Columns) + first + j];
            }
        }
    }

    private float[] ReadWhole() => _entry.Count <= Array.MaxLength
        ? _entry.ReadSingle()
        : throw new NotSupportedException($"tensor '{_entry.Name}': expected at most {Array.MaxLength} elements for a spectrum, got {_entry.Count}.");

    private void ReadRows(long first, long count, Span<double> values)
    {
        WeightLayout layout = WeightTypes.Layout(_entry.DataType)!.Value;
        long begin = first * Columns, end = begin + (count * Columns);
        long from = begin / layout.Elements, to = (end + layout.Elements - 1) / layout.Elements;
        byte[] bytes = new byte[(to - from) * layout.Bytes];
        _entry.Read(from * layout.Bytes, bytes);
        bool isWhole = layout.Elements == 1;
        Span<double> decoded = isWhole ? values : new double[(to - from) * layout.Elements];
        if (!WeightValues.Decode(_entry.DataType, bytes, decoded))
        {
            throw new NotSupportedException($"tensor '{_entry.Name}': expected a type with real values, got {_entry.DataType}.");
        }

        if (!isWhole)
        {
            // A row may begin within a block.
            decoded.Slice((int)(begin - (from * layout.Elements)), values.Length).CopyTo(values);
        }
    }
}
