namespace Pondus.Tests.Conformance;

/// <summary>What became of the samples of one operator, module or optimizer.</summary>
public sealed class ConformanceCount
{
    private readonly SortedSet<string> _notes = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, int> _unsupported = new(StringComparer.Ordinal);

    /// <summary>Samples that agree.</summary>
    public int Agree { get; set; }

    /// <summary>Wrong inputs that were refused.</summary>
    public int Refused { get; set; }

    /// <summary>The reasons for which samples were not run, with their numbers.</summary>
    public IReadOnlyDictionary<string, int> Unsupported => _unsupported;

    /// <summary>What disagreed.</summary>
    public List<string> Failures { get; } = [];

    /// <summary>Remembers what is not compared in samples that agree.</summary>
    public void Note(string? text)
    {
        if (text is not null)
        {
            _notes.Add(text);
        }
    }

    /// <summary>Counts samples that were not run.</summary>
    public void Leave(string reason, int number = 1)
    {
        if (number > 0)
        {
            _unsupported[reason] = _unsupported.GetValueOrDefault(reason) + number;
        }
    }

    /// <summary>The row of docs/conformance.md.</summary>
    public string Row(string name) => $"| {name} | {Agree} | {Refused} | {string.Join("; ", _unsupported.Select(static pair => $"{pair.Key} ({pair.Value})").Concat(_notes))} |";
}
