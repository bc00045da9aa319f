namespace Pondus.Formats.PyTorch;

/// <summary>What the pickles of a file ask for: every class and function by name, and which of them would be a danger in a loader that runs them.</summary>
/// <example><code>
/// foreach (PickleGlobal threat in PickleReport.Read("model.pt").Threats)
/// {
///     Console.WriteLine($"{threat.Name} at byte {threat.Offset}");
/// }
/// </code></example>
public sealed class PickleReport
{
    private const int MostNames = 10_000;

    private readonly List<PickleGlobal> _globals = [];
    private readonly Dictionary<string, PickleGlobal> _byName = new(StringComparer.Ordinal);

    internal PickleReport()
    {
    }

    /// <summary>Gets all names, in the order in which they are asked for first.</summary>
    public IReadOnlyList<PickleGlobal> Globals => _globals;

    /// <summary>Gets the dangerous ones.</summary>
    public IEnumerable<PickleGlobal> Threats => _globals.Where(static global => global.Verdict == PickleVerdict.Dangerous);

    /// <summary>Gets the message of the error that ended the reading, or null: what came before it is in the report.</summary>
    public string? Damage { get; private set; }

    /// <summary>Reads a PyTorch file, or a bare pickle, for the names in it; nothing is run, and dangerous names are no error.</summary>
    /// <param name="path">The file, or the folder of a distributed checkpoint.</param>
    /// <returns>The report.</returns>
    /// <exception cref="IOException">The file is missing or not readable.</exception>
    public static PickleReport Read(string path)
    {
        PickleReport report = new();
        try
        {
            PyTorchFile.Open(path, report, listThreats: true).Dispose();
        }
        catch (WeightFormatException error)
        {
            report.Damage = error.Message;
        }

        return report;
    }

    internal PickleGlobal Add(string path, string module, string name, long offset)
    {
        string full = $"{module}.{name}";
        if (!_byName.TryGetValue(full, out PickleGlobal? global))
        {
            if (_globals.Count == MostNames)
            {
                throw new WeightFormatException(path, offset, $"expected at most {MostNames} classes and functions, got more.");
            }

            global = new PickleGlobal(full, PickleVerdicts.Of(module, name), offset);
            _byName.Add(full, global);
            _globals.Add(global);
        }

        return global;
    }

    /// <summary>Refuses a file that asks for something dangerous.</summary>
    internal void ThrowOnThreat(string path)
    {
        List<PickleGlobal> threats = [.. Threats];
        if (threats.Count > 0)
        {
            const int shown = 5;
            string names = string.Join(", ", threats.Take(shown).Select(static threat => threat.Name)) + (threats.Count > shown ? $" and {threats.Count - shown} more" : "");
            throw new WeightFormatException(path, threats[0].Offset,
                $"expected data only, got a pickle that calls {names}. Nothing was run. Do not load this file with a program that runs pickles.");
        }
    }
}
