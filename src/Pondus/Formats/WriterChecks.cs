namespace Pondus.Formats;

/// <summary>What every writer asks of its tensors before it writes; all that a format cannot hold are named at once.</summary>
internal static class WriterChecks
{
    private const int Shown = 20;

    /// <summary>Throws unless each name is there once and every tensor can be held.</summary>
    /// <param name="path">The file to be written, for the message.</param>
    /// <param name="entries">The tensors.</param>
    /// <param name="complaint">Says of a tensor what was expected and what it is; null when the format can hold it.</param>
    /// <exception cref="ArgumentException">Names are there twice, or tensors cannot be held.</exception>
    internal static void Require(string path, IEnumerable<WeightEntry> entries, Func<WeightEntry, string?> complaint)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(entries);
        HashSet<string> names = new(StringComparer.Ordinal);
        List<string> problems = [];
        foreach (WeightEntry entry in entries)
        {
            if ((names.Add(entry.Name) ? complaint(entry) : "expected each name once, got it twice") is { } problem)
            {
                problems.Add($"tensor '{Name(entry)}': {problem}");
            }
        }

        if (problems.Count > 0)
        {
            string more = problems.Count > Shown ? $"; and {problems.Count - Shown} more" : string.Empty;
            throw new ArgumentException($"{path}: {string.Join("; ", problems.Take(Shown))}{more}.", nameof(entries));
        }
    }

    private static string Name(WeightEntry entry)
    {
        const int shown = 200;
        return entry.Name.Length <= shown ? entry.Name : $"{entry.Name[..shown]}...";
    }
}
