using Pondus.Formats;

namespace Pondus.Training;

/// <summary>Weights that PyTorch keeps as length and direction, put together again: weight = g v / |v|.</summary>
/// <remarks>
/// Names: <c>weight_g</c> and <c>weight_v</c>, or <c>parametrizations.weight.original0</c> and <c>original1</c>. The length is taken
/// over the axes of which g has one value. Source: Salimans and Kingma 2016, arXiv:1602.07868.
/// </remarks>
internal static class WeightNormalization
{
    private static readonly (string Length, string Direction)[] s_names =
    [
        ("{0}_g", "{0}_v"),
        ("parametrizations.{0}.original0", "parametrizations.{0}.original1"),
    ];

    /// <summary>Replaces pairs by the weights that a module wants and the file has not; gives a sentence for each.</summary>
    internal static IEnumerable<string> Fold(Dictionary<string, WeightEntry> entries, IReadOnlyCollection<string> wanted)
    {
        List<string> notes = [];
        foreach (string name in wanted.Where(name => !entries.ContainsKey(name)))
        {
            int dot = name.LastIndexOf('.') + 1;
            foreach ((string length, string direction) in s_names)
            {
                string g = name[..dot] + length.Replace("{0}", name[dot..], StringComparison.Ordinal), v = name[..dot] + direction.Replace("{0}", name[dot..], StringComparison.Ordinal);
                if (entries.TryGetValue(g, out WeightEntry? lengths) && entries.TryGetValue(v, out WeightEntry? directions) && Fits(lengths.Shape, directions.Shape))
                {
                    entries.Remove(g);
                    entries.Remove(v);
                    entries.Add(name, Fold(name, lengths, directions));
                    notes.Add($"'{name}' was put together from '{g}' and '{v}'.");
                    break;
                }
            }
        }

        return notes;
    }

    private static bool Fits(ReadOnlySpan<long> lengths, ReadOnlySpan<long> directions)
    {
        bool fits = lengths.Length == directions.Length || lengths.Length == 0;
        for (int axis = 0; fits && axis < lengths.Length; axis++)
        {
            fits = lengths[axis] == 1 || lengths[axis] == directions[axis];
        }

        return fits;
    }

    private static WeightEntry Fold(string name, WeightEntry lengths, WeightEntry directions)
    {
        float[] g = lengths.ReadSingle(), values = directions.ReadSingle();
        long[] shape = directions.Shape.ToArray();
        int[] group = Groups(lengths.Shape, shape, values.Length);
        double[] squares = new double[g.Length];
        for (int i = 0; i < values.Length; i++)
        {
            squares[group[i]] += (double)values[i] * values[i];
        }

        for (int i = 0; i < values.Length; i++)
        {
            values[i] = (float)(g[group[i]] * (values[i] / Math.Sqrt(squares[group[i]])));
        }

        return WeightEntry.OfSingle(name, [.. shape.Select(static size => (int)size)], values);
    }

    // For each value of the direction, which length it belongs to.
    private static int[] Groups(ReadOnlySpan<long> lengths, long[] shape, int count)
    {
        int[] groups = new int[count];
        for (int i = 0; i < count; i++)
        {
            long rest = i, step = 1;
            for (int axis = lengths.Length - 1; axis >= 0; axis--)
            {
                long index = rest % shape[axis];
                rest /= shape[axis];
                groups[i] += (int)((lengths[axis] == 1 ? 0 : index) * step);
                step *= lengths[axis];
            }
        }

        return groups;
    }
}
