using System.Text.Json;
using Pondus.Tests.Support;

namespace Pondus.Tests.Formats.Fixtures;

/// <summary>A file that another library wrote, with what that library reads in it.</summary>
internal sealed class Fixture
{
    private static readonly string[] s_sections = ["torch", "safetensors", "gguf", "keras", "hdf5", "numpy", "jax", "onnx"];

    private Fixture(string id, JsonElement json)
    {
        Id = id;
        Section = id[..id.IndexOf('/', StringComparison.Ordinal)];
        Json = json;
        Verdict = json.GetProperty("verdict").GetString()!;
        JsonElement file = json.GetProperty("file");
        File = (file.ValueKind == JsonValueKind.Array ? file[0] : file).GetString()!;
        FullPath = Path.Combine(FixtureRoot, Section, File.TrimEnd('/'));
    }

    /// <summary>The path of the file with the expected values, from the folder of fixtures, with slashes.</summary>
    public string Id { get; }

    /// <summary>Who wrote it: a folder's name.</summary>
    public string Section { get; }

    /// <summary>The file's name, or the first of several, or a folder's.</summary>
    public string File { get; }

    public string FullPath { get; }

    /// <summary>What a reader should do with it.</summary>
    public string Verdict { get; }

    public JsonElement Json { get; }

    private static string FixtureRoot => TestData.PathOf("fixtures");

    /// <summary>The names of all fixtures; none without test data.</summary>
    public static IEnumerable<string> Ids()
    {
        string? root = TestData.Root is null ? null : Path.Combine(TestData.Root, "fixtures");
        return s_sections
            .Select(section => Path.Combine(root ?? "", section))
            .Where(folder => root is not null && Directory.Exists(folder))
            .SelectMany(static folder => Directory.EnumerateFiles(folder, "*.expected.json", SearchOption.AllDirectories))
            .Select(path => Path.GetRelativePath(root!, path).Replace('\\', '/'))
            .Order(StringComparer.Ordinal);
    }

    public static Fixture Load(string id)
    {
        using JsonDocument document = JsonDocument.Parse(System.IO.File.ReadAllBytes(TestData.PathOf($"fixtures/{id}")));
        return new Fixture(id, document.RootElement.Clone());
    }

    /// <summary>The tensors listed under a key; null when there is no such list.</summary>
    public List<FixtureTensor>? Tensors(string key = "tensors") => Json.TryGetProperty(key, out JsonElement rows)
        ? [.. rows.EnumerateObject().Select(static row => FixtureTensor.Of(row.Name, row.Value))]
        : null;

    /// <summary>All values of a tensor where the fixture gives them.</summary>
    public double?[]? Values(string name) =>
        Json.TryGetProperty("values", out JsonElement values) && values.ValueKind == JsonValueKind.Object && values.TryGetProperty(name, out JsonElement list)
            ? [.. list.EnumerateArray().Select(FixtureTensor.Number)]
            : null;
}
