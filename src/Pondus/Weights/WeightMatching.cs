using System.Collections.ObjectModel;
using Pondus.Formats;

namespace Pondus.Weights;

/// <summary>Which tensor of one file is the counterpart of which of another.</summary>
/// <remarks>
/// <para>Names decide first, exactly; then in one spelling (without <c>module.</c> and what else wrappers add, with one word for
/// <c>kernel</c> and <c>weight</c>), or behind one prefix that most of the rest has in common; then equal values, in any order of the
/// axes; then equal sizes, by words the names share and the order in the files, which is a guess. A mapping can be saved, reviewed,
/// and used again.</para>
/// </remarks>
public sealed class WeightMatching
{
    // Values are compared in memory only up to this many.
    private const long ElementLimit = 1 << 22;
    private const long PairLimit = 1 << 18;

    private readonly List<TensorMatch> _matches = [];
    private readonly bool _looksAtLayout;
    private List<WeightEntry> _first;
    private List<WeightEntry> _second;

    private WeightMatching(IReadOnlyList<WeightEntry> first, IReadOnlyList<WeightEntry> second, bool looksAtLayout)
    {
        _first = [.. first];
        _second = [.. second];
        _looksAtLayout = looksAtLayout;
    }

    /// <summary>Gets the pairs, in the order of the first file.</summary>
    public IReadOnlyList<TensorMatch> Matches { get; private set; } = [];

    /// <summary>Gets the tensors that only the first file has.</summary>
    public IReadOnlyList<WeightEntry> Missing { get; private set; } = [];

    /// <summary>Gets the tensors that only the second file has.</summary>
    public IReadOnlyList<WeightEntry> Unexpected { get; private set; } = [];

    /// <summary>Matches the tensors of two files.</summary>
    /// <param name="first">The tensors of the first.</param>
    /// <param name="second">The tensors of the second.</param>
    /// <param name="map">Pairs that are settled, or null.</param>
    /// <param name="looksAtLayout">Whether counterparts of one name may still differ in the order of their axes, as in files of two formats.</param>
    /// <returns>The mapping.</returns>
    public static WeightMatching Find(IReadOnlyList<WeightEntry> first, IReadOnlyList<WeightEntry> second, WeightNameMap? map = null, bool looksAtLayout = false)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        WeightMatching matching = new(first, second, looksAtLayout);
        if (map is not null)
        {
            matching.PairByMap(map);
        }

        matching.PairByKey(static entry => entry.Name, MatchKind.Name, static (a, b) => true);
        matching.PairByKey(static entry => NameSpelling.Of(entry.Name), MatchKind.Spelling, HaveOneSize);
        matching.PairByPrefix();
        matching.PairByContent();
        matching.PairByShape();
        matching.Finish(first);
        return matching;
    }

    /// <summary>Gives the mapping as a file of names keeps it.</summary>
    /// <returns>First names to second ones.</returns>
    public WeightNameMap ToMap() => new([.. Matches.Select(static match => new WeightNameMapRow(match.First.Name, match.Second.Name) { Kind = match.Kind, Axes = match.Axes })])
    {
        Missing = [.. Missing.Select(static entry => entry.Name)],
        Unexpected = [.. Unexpected.Select(static entry => entry.Name)],
    };

    private static bool HaveOneSize(WeightEntry a, WeightEntry b) => a.Count == b.Count && a.Count > 0;

    // Sizes without regard to axes of one and, for those of two axes and more, to their order.
    private static string SizesOf(WeightEntry entry) => string.Join(' ', entry.Shape.ToArray().Where(static size => size != 1).Order());

    private void PairByMap(WeightNameMap map)
    {
        Dictionary<string, WeightEntry> first = _first.ToDictionary(static entry => entry.Name, StringComparer.Ordinal);
        Dictionary<string, WeightEntry> second = _second.ToDictionary(static entry => entry.Name, StringComparer.Ordinal);
        foreach (WeightNameMapRow row in map.Rows)
        {
            if (first.TryGetValue(row.From, out WeightEntry? a) && second.TryGetValue(row.To, out WeightEntry? b))
            {
                _matches.Add(new TensorMatch(a, b, MatchKind.Map) { Axes = row.Axes });
            }
        }

        Settle();
    }

    // Pairs those whose key only one tensor of each file has.
    private void PairByKey(Func<WeightEntry, string> key, MatchKind kind, Func<WeightEntry, WeightEntry, bool> fits)
    {
        Dictionary<string, WeightEntry?> second = Unique(_second, key), first = Unique(_first, key);
        foreach (WeightEntry a in _first)
        {
            string text = key(a);
            if (text.Length > 0 && first[text] is not null && second.GetValueOrDefault(text) is { } b && fits(a, b))
            {
                Pair(a, b, kind);
            }
        }

        Settle();
    }

    // One of both files has a common prefix in front of the names, such as bert. or base_net.
    private void PairByPrefix()
    {
        const int fewest = 2;
        foreach (bool inFirst in (bool[])[true, false])
        {
            (List<WeightEntry> longer, List<WeightEntry> shorter) = inFirst ? (_first, _second) : (_second, _first);
            Dictionary<string, WeightEntry?> known = Unique(shorter, static entry => NameSpelling.Of(entry.Name));
            Dictionary<string, List<(WeightEntry Longer, WeightEntry Shorter)>> byPrefix = new(StringComparer.Ordinal);
            foreach (WeightEntry entry in longer)
            {
                string name = NameSpelling.Of(entry.Name);
                for (int dot = name.IndexOf('.', StringComparison.Ordinal); dot >= 0; dot = name.IndexOf('.', dot + 1))
                {
                    if (known.GetValueOrDefault(name[(dot + 1)..]) is { } other && HaveOneSize(entry, other))
                    {
                        string prefix = name[..dot];
                        (byPrefix.TryGetValue(prefix, out List<(WeightEntry, WeightEntry)>? pairs) ? pairs : byPrefix[prefix] = []).Add((entry, other));
                    }
                }
            }

            List<(WeightEntry Longer, WeightEntry Shorter)>? best = byPrefix.Values.MaxBy(static pairs => pairs.Count);
            if (best is not null && best.Count >= fewest && 2 * best.Count >= shorter.Count)
            {
                foreach ((WeightEntry a, WeightEntry b) in best)
                {
                    Pair(inFirst ? a : b, inFirst ? b : a, MatchKind.Spelling);
                }

                Settle();
            }
        }
    }

    private void PairByContent()
    {
        HashSet<string> sizes = [.. _first.Select(SizesOf)];
        sizes.IntersectWith(_second.Select(SizesOf));
        Dictionary<WeightEntry, string> keys = [];
        foreach (WeightEntry entry in _first.Concat(_second).Where(entry => sizes.Contains(SizesOf(entry))))
        {
            if (ValueFingerprint.Of(entry) is ulong print)
            {
                keys[entry] = $"{print:x} {SizesOf(entry)}";
            }
        }

        PairByKey(entry => keys.GetValueOrDefault(entry, string.Empty), MatchKind.Content, static (a, b) => true);
    }

    private void PairByShape()
    {
        // Equal sizes in equal order are the better guess; turned ones are tried on what is left.
        PairBySizes(static entry => $"{WeightEncoding.IsFloating(entry.DataType)} {string.Join(' ', entry.Shape.ToArray())}");
        PairBySizes(static entry => $"{WeightEncoding.IsFloating(entry.DataType)} {SizesOf(entry)}");
    }

    private void PairBySizes(Func<WeightEntry, string> sizes)
    {
        ILookup<string, WeightEntry> bySize = _second.ToLookup(sizes, StringComparer.Ordinal);
        foreach (IGrouping<string, WeightEntry> group in _first.Where(static entry => entry.Count > 0).GroupBy(sizes, StringComparer.Ordinal).ToList())
        {
            WeightEntry[] a = [.. group], b = [.. bySize[group.Key]];
            if (b.Length == 0)
            {
                continue;
            }

            bool[] takenA = new bool[a.Length], takenB = new bool[b.Length];
            foreach ((int i, int j) in Ranked(a, b))
            {
                if (!takenA[i] && !takenB[j])
                {
                    (takenA[i], takenB[j]) = (true, true);
                    Pair(a[i], b[j], MatchKind.Shape);
                }
            }
        }

        Settle();
    }

    private static IEnumerable<(int First, int Second)> Ranked(WeightEntry[] a, WeightEntry[] b)
    {
        if ((long)a.Length * b.Length > PairLimit)
        {
            return Enumerable.Range(0, Math.Min(a.Length, b.Length)).Select(static i => (i, i));
        }

        HashSet<string>[] wordsA = [.. a.Select(static entry => NameSpelling.Words(entry.Name))], wordsB = [.. b.Select(static entry => NameSpelling.Words(entry.Name))];
        return Enumerable.Range(0, a.Length)
            .SelectMany(i => Enumerable.Range(0, b.Length).Select(j => (First: i, Second: j)))
            .OrderByDescending(pair => wordsB[pair.Second].Count(wordsA[pair.First].Contains))
            .ThenBy(static pair => Math.Abs(pair.First - pair.Second))
            .ThenBy(static pair => pair.First);
    }

    private static Dictionary<string, WeightEntry?> Unique(List<WeightEntry> entries, Func<WeightEntry, string> key)
    {
        Dictionary<string, WeightEntry?> unique = new(StringComparer.Ordinal);
        foreach (WeightEntry entry in entries)
        {
            string text = key(entry);
            unique[text] = unique.ContainsKey(text) ? null : entry;
        }

        return unique;
    }

    private void Pair(WeightEntry a, WeightEntry b, MatchKind kind)
    {
        bool isSettled = kind == MatchKind.Name && !_looksAtLayout && a.Shape.SequenceEqual(b.Shape);
        _matches.Add(new TensorMatch(a, b, kind) { Axes = isSettled ? null : TensorLayout.Find(a, b, ElementLimit) });
    }

    private void Settle()
    {
        HashSet<WeightEntry> paired = [.. _matches.Select(static match => match.First), .. _matches.Select(static match => match.Second)];
        _first = [.. _first.Where(entry => !paired.Contains(entry))];
        _second = [.. _second.Where(entry => !paired.Contains(entry))];
    }

    private void Finish(IReadOnlyList<WeightEntry> first)
    {
        Dictionary<WeightEntry, int> places = first.Select(static (entry, place) => (entry, place)).ToDictionary(static pair => pair.entry, static pair => pair.place);
        Matches = new ReadOnlyCollection<TensorMatch>([.. _matches.OrderBy(match => places[match.First])]);
        Missing = _first;
        Unexpected = _second;
    }
}
