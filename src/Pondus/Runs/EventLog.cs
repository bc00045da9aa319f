namespace Pondus.Runs;

/// <summary>What event files say: scalars and histograms by tag, in the order of their steps.</summary>
/// <remarks>A run that was restarted writes some steps again: the later values hold. They are known by a SessionLog START, which
/// takes back every value from its step on, or by a step that is not above the one before, which takes back those of its tag.</remarks>
public sealed class EventLog
{
    private readonly Dictionary<string, List<LoggedScalar>> _scalars = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<LoggedHistogram>> _histograms = new(StringComparer.Ordinal);
    private readonly List<string> _damage = [];

    /// <summary>Gets the tags that have scalars.</summary>
    public IReadOnlyCollection<string> ScalarTags => _scalars.Keys;

    /// <summary>Gets the tags that have histograms.</summary>
    public IReadOnlyCollection<string> HistogramTags => _histograms.Keys;

    /// <summary>Gets a notice for each file that is damaged: where, and what; the records before it are kept.</summary>
    public IReadOnlyList<string> Damage => _damage;

    /// <summary>Gets which plugin a tag belongs to; only a tag's first value has to say it.</summary>
    internal Dictionary<string, string> Plugins { get; } = new(StringComparer.Ordinal);

    /// <summary>Reads an event file, or all event files of a folder in the order of their names.</summary>
    /// <param name="path">The file or folder.</param>
    /// <returns>What they say.</returns>
    /// <exception cref="IOException">There is no such file or folder, or it is not readable.</exception>
    public static EventLog Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        EventLog log = new();
        string[] files = Directory.Exists(path)
            ? [.. Directory.EnumerateFiles(path).Where(file => Path.GetFileName(file).Contains("tfevents", StringComparison.Ordinal)).Order(StringComparer.Ordinal)]
            : [path];
        foreach (string file in files)
        {
            new EventReader(file).ReadInto(log);
        }

        return log;
    }

    /// <summary>Gets the scalars of a tag.</summary>
    /// <param name="tag">The tag.</param>
    /// <returns>Its scalars, steps ascending; empty for a tag that has none.</returns>
    public IReadOnlyList<LoggedScalar> Scalars(string tag) => _scalars.TryGetValue(tag, out List<LoggedScalar>? list) ? list : [];

    /// <summary>Gets the histograms of a tag.</summary>
    /// <param name="tag">The tag.</param>
    /// <returns>Its histograms, steps ascending; empty for a tag that has none.</returns>
    public IReadOnlyList<LoggedHistogram> Histograms(string tag) => _histograms.TryGetValue(tag, out List<LoggedHistogram>? list) ? list : [];

    internal void Add(string tag, LoggedScalar scalar) => Append(_scalars, tag, scalar, static item => item.Step);

    internal void Add(string tag, LoggedHistogram histogram) => Append(_histograms, tag, histogram, static item => item.Step);

    internal void AddDamage(string notice) => _damage.Add(notice);

    /// <summary>Takes back every value from a step on.</summary>
    internal void RestartAt(long step)
    {
        foreach (List<LoggedScalar> list in _scalars.Values)
        {
            CutFrom(list, step, static item => item.Step);
        }

        foreach (List<LoggedHistogram> list in _histograms.Values)
        {
            CutFrom(list, step, static item => item.Step);
        }
    }

    private static void Append<T>(Dictionary<string, List<T>> lists, string tag, T item, Func<T, long> stepOf)
    {
        if (!lists.TryGetValue(tag, out List<T>? list))
        {
            lists.Add(tag, list = []);
        }

        CutFrom(list, stepOf(item), stepOf);
        list.Add(item);
    }

    private static void CutFrom<T>(List<T> list, long step, Func<T, long> stepOf)
    {
        int count = list.Count;
        while (count > 0 && stepOf(list[count - 1]) >= step)
        {
            count--;
        }

        list.RemoveRange(count, list.Count - count);
    }
}
