using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Pondus.Formats;

namespace Pondus.Weights;

/// <summary>A file of names: how the tensors of one file are called, and laid out, in another.</summary>
/// <remarks>
/// <para>JSON with comments and trailing commas allowed: <c>{ "tensors": [ { "from": "dense/kernel", "to": "0.weight", "axes": [1, 0] } ] }</c>.
/// <c>axes</c> orders the axes anew as NumPy's <c>transpose</c> does; <c>by</c> says why a row was proposed; both may be left out.
/// <c>missing</c> and <c>unexpected</c> list what has no counterpart, for the reader's eyes only. Other keys are refused.</para>
/// </remarks>
public sealed class WeightNameMap
{
    private const long MaxBytes = 64 << 20;

    private static readonly JsonDocumentOptions s_options = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, AllowDuplicateProperties = false };

    /// <summary>Makes a map.</summary>
    /// <param name="rows">Its rows.</param>
    /// <exception cref="ArgumentException">Two rows have one name.</exception>
    public WeightNameMap(IReadOnlyList<WeightNameMapRow> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        HashSet<string> from = new(StringComparer.Ordinal), to = new(StringComparer.Ordinal);
        foreach (WeightNameMapRow row in rows)
        {
            if (!from.Add(row.From) || !to.Add(row.To))
            {
                throw new ArgumentException($"Name map: expected each name once, got another row from '{row.From}' to '{row.To}'.", nameof(rows));
            }
        }

        Rows = rows;
    }

    /// <summary>Gets the rows.</summary>
    public IReadOnlyList<WeightNameMapRow> Rows { get; }

    /// <summary>Gets the names of the first file that have no counterpart.</summary>
    public IReadOnlyList<string> Missing { get; init; } = [];

    /// <summary>Gets the names of the second file that have no counterpart.</summary>
    public IReadOnlyList<string> Unexpected { get; init; } = [];

    /// <summary>Reads a map.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The map.</returns>
    /// <exception cref="InvalidDataException">The file is no map; the message says where.</exception>
    /// <exception cref="IOException">The file is missing or not readable.</exception>
    public static WeightNameMap Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!File.Exists(path))
        {
            throw new FileNotFoundException($"{path}: expected a file of names, got no such file. pondus diff A B --save-map FILE proposes one.");
        }

        if (new FileInfo(path).Length > MaxBytes)
        {
            throw new InvalidDataException($"{path}: expected a file of names of at most {MaxBytes} bytes, got {new FileInfo(path).Length}.");
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path), s_options);
            return Parse(path, document.RootElement);
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"{path}: expected a file of names in JSON, got a syntax error in line {error.LineNumber + 1}.", error);
        }
        catch (InvalidOperationException error)
        {
            throw new InvalidDataException($"{path}: expected names as text, got an escape that is half a character.", error);
        }
        catch (ArgumentException error)
        {
            throw new InvalidDataException($"{path}: {error.Message}", error);
        }
    }

    /// <summary>Writes the map, one row a line, in one step.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <exception cref="IOException">The disk is full, or the folder is missing or not writable.</exception>
    public void Save(string path)
    {
        StringBuilder text = new("{\n  \"tensors\": [\n");
        foreach (WeightNameMapRow row in Rows)
        {
            string axes = row.Axes is null ? string.Empty : $", \"axes\": [{string.Join(", ", row.Axes)}]";
            string kind = row.Kind is MatchKind why ? $", \"by\": {Quoted(NameOf(why))}" : string.Empty;
            text.Append($"    {{ \"from\": {Quoted(row.From)}, \"to\": {Quoted(row.To)}{axes}{kind} }},\n");
        }

        RemoveLastComma(text);
        text.Append("  ]");
        AppendNames(text, "missing", Missing);
        AppendNames(text, "unexpected", Unexpected);
        text.Append("\n}\n");
        AtomicFile.WriteText(path, text.ToString());
    }

    /// <summary>Gives the word for a reason, such as <c>content</c>.</summary>
    /// <param name="kind">The reason.</param>
    /// <returns>The word.</returns>
    public static string NameOf(MatchKind kind) => kind switch
    {
        MatchKind.Name => "name",
        MatchKind.Spelling => "spelling",
        MatchKind.Content => "content",
        MatchKind.Shape => "shape",
        _ => "map",
    };

    private static void AppendNames(StringBuilder text, string key, IReadOnlyList<string> names)
    {
        if (names.Count > 0)
        {
            text.Append($",\n  \"{key}\": [\n");
            foreach (string name in names)
            {
                text.Append($"    {Quoted(name)},\n");
            }

            RemoveLastComma(text);
            text.Append("  ]");
        }
    }

    private static void RemoveLastComma(StringBuilder text)
    {
        if (text.Length >= 2 && text[^2] == ',')
        {
            text.Remove(text.Length - 2, 1);
        }
    }

    private static string Quoted(string text) => $"\"{JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(text)}\"";

    private static WeightNameMap Parse(string path, JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("tensors", out JsonElement tensors) || tensors.ValueKind != JsonValueKind.Array)
        {
            throw new InvalidDataException($"{path}: expected an object with an array 'tensors', got {Kind(root)}.");
        }

        foreach (JsonProperty property in root.EnumerateObject())
        {
            if (property.Name is not ("tensors" or "missing" or "unexpected"))
            {
                throw new InvalidDataException($"{path}: expected 'tensors', 'missing' and 'unexpected', got '{property.Name}'.");
            }
        }

        List<WeightNameMapRow> rows = [];
        foreach (JsonElement row in tensors.EnumerateArray())
        {
            rows.Add(ParseRow(path, row, rows.Count));
        }

        return new WeightNameMap(rows);
    }

    private static WeightNameMapRow ParseRow(string path, JsonElement row, int index)
    {
        string? from = null, to = null;
        MatchKind? kind = null;
        int[]? axes = null;
        if (row.ValueKind != JsonValueKind.Object)
        {
            throw new InvalidDataException($"{path}: row {index}: expected an object, got {Kind(row)}.");
        }

        foreach (JsonProperty property in row.EnumerateObject())
        {
            switch (property.Name)
            {
                case "from" when property.Value.ValueKind == JsonValueKind.String:
                    from = property.Value.GetString();
                    break;
                case "to" when property.Value.ValueKind == JsonValueKind.String:
                    to = property.Value.GetString();
                    break;
                case "by":
                    kind = Enum.GetValues<MatchKind>().Where(candidate => property.Value.ValueKind == JsonValueKind.String && NameOf(candidate) == property.Value.GetString()).Cast<MatchKind?>().FirstOrDefault();
                    break;
                case "axes" when property.Value.ValueKind == JsonValueKind.Array && property.Value.EnumerateArray().All(static axis => axis.ValueKind == JsonValueKind.Number && axis.TryGetInt32(out _)):
                    axes = [.. property.Value.EnumerateArray().Select(static axis => axis.GetInt32())];
                    break;
                default:
                    throw new InvalidDataException($"{path}: row {index}: expected texts 'from', 'to', 'by' and whole numbers 'axes', got '{property.Name}' of {Kind(property.Value)}.");
            }
        }

        return from is not null && to is not null
            ? new WeightNameMapRow(from, to) { Kind = kind, Axes = axes }
            : throw new InvalidDataException($"{path}: row {index}: expected 'from' and 'to', got no '{(from is null ? "from" : "to")}'.");
    }

    private static string Kind(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a text",
        JsonValueKind.Number => "a number",
        _ => element.GetRawText(),
    };
}
