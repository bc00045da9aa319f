using System.Text.RegularExpressions;
using System.Xml.Linq;
using Xunit;

namespace Pondus.Tests.Conventions;

/// <summary>The tables of ARCHITECTURE.md and the sources say the same.</summary>
public sealed partial class DependencyTests
{
    private const string Library = "src/Pondus/";
    private static readonly string[] s_engine = ["Tensors", "Autograd", "Operations", "Modules"];

    [Fact]
    public void FolderTable_EachFolderOfTheLibrary_HasARow()
    {
        IEnumerable<string> folders = Sources().Select(file => file.Folder).Distinct();
        Repository.AssertNone(folders.Except(Allowed().Keys, StringComparer.Ordinal));
    }

    [Fact]
    public void Namespaces_EachFile_BelongsToItsFolder()
    {
        List<string> wrong = [];
        foreach (Source source in Sources())
        {
            string name = NamespaceLine().Match(source.Code).Groups["name"].Value;
            string expected = s_engine.Contains(source.Folder) ? "Pondus" : $"Pondus.{source.Folder}";
            if (name != expected && !name.StartsWith(expected + ".", StringComparison.Ordinal))
            {
                wrong.Add($"{source.Path}: expected namespace {expected}, got '{name}'");
            }
        }

        Repository.AssertNone(wrong);
    }

    [Fact]
    public void Usings_EachFolder_StayWithinTheTable()
    {
        Dictionary<string, HashSet<string>> allowed = Allowed();
        List<string> wrong = [];
        foreach (Source source in Sources())
        {
            foreach (string used in UsedFolder().Matches(source.Code).Select(match => match.Groups["name"].Value).Distinct())
            {
                if (allowed.ContainsKey(used) && used != source.Folder && !allowed[source.Folder].Contains(used))
                {
                    wrong.Add($"{source.Path}: {source.Folder} may not use {used}");
                }
            }
        }

        Repository.AssertNone(wrong);
    }

    /// <summary>The engine's namespace is around all others, so its types need no using line: their names are looked for.</summary>
    [Fact]
    public void EngineTypes_FoldersThatMayNotUseTheEngine_AreNotNamed()
    {
        Dictionary<string, HashSet<string>> allowed = Allowed();
        List<Source> sources = Sources();
        ILookup<string, string> declared = sources
            .SelectMany(source => SourceText.TypesOf(source.Code).Select(type => (source.Folder, type.Name)))
            .ToLookup(pair => pair.Folder, pair => pair.Name);
        List<string> engine = s_engine.SelectMany(folder => declared[folder]).Distinct().ToList();
        List<string> wrong = [];
        foreach (Source source in sources.Where(source => !s_engine.Contains(source.Folder) && !allowed[source.Folder].Overlaps(s_engine)))
        {
            wrong.AddRange(engine.Except(declared[source.Folder])
                .Where(type => SourceText.Uses(source.Code, type))
                .Select(type => $"{source.Path}: {source.Folder} may not use the engine's {type}"));
        }

        Repository.AssertNone(wrong);
    }

    [Theory]
    [InlineData("Shape s = x.Shape;", true)]
    [InlineData("private Shape[] _shapes;", true)]
    [InlineData("List<Shape> all = [];", true)]
    [InlineData("var s = new Shape(2);", true)]
    [InlineData("Shape.Of(2);", true)]
    [InlineData("long[] Shape, int Rank", false)]
    [InlineData("row.Shape.Length", false)]
    [InlineData("Shape = shape,", false)]
    [InlineData("private TV Shape<TV>(TV x)", false)]
    [InlineData("if (Shape is null)", false)]
    [InlineData("// Shape s;", false)]
    public void Uses_Code_MeansTheTypeAndNoMember(string code, bool expected) =>
        Assert.Equal(expected, SourceText.Uses(SourceText.CodeOf(code), "Shape"));

    [Fact]
    public void GlobalUsings_InTheLibrary_AreAbsent() =>
        // They would hide from the tests above who uses whom.
        Repository.AssertNone(Sources().Where(source => source.Code.Contains("global using", StringComparison.Ordinal)).Select(source => source.Path));

    [Fact]
    public void PackageTable_VersionsFile_ListsTheSamePackages()
    {
        IEnumerable<string> documented = MarkdownTable.Read(Repository.Read("ARCHITECTURE.md"), "Package", "Version")
            .Select(row => $"{row[0]} {row[1]}");
        IEnumerable<string> pinned = XDocument.Parse(Repository.Read("Directory.Packages.props")).Descendants()
            .Where(element => element.Name.LocalName is "PackageVersion" or "GlobalPackageReference")
            .Select(element => $"{element.Attribute("Include")!.Value} {element.Attribute("Version")!.Value}");
        Assert.Equal(pinned.Order(StringComparer.Ordinal), documented.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void PackageTable_EachRow_GivesAReason() =>
        Assert.DoesNotContain(MarkdownTable.Read(Repository.Read("ARCHITECTURE.md"), "Package", "Version"), row => row[^1].Length == 0);

    private static Dictionary<string, HashSet<string>> Allowed()
    {
        Dictionary<string, HashSet<string>> allowed = new(StringComparer.Ordinal);
        foreach (string[] row in MarkdownTable.Read(Repository.Read("ARCHITECTURE.md"), "Folder", "Holds", "May use"))
        {
            HashSet<string> folders = new(StringComparer.Ordinal);
            foreach (string name in row[2].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            {
                folders.UnionWith(name switch
                {
                    "engine" => s_engine,
                    "all above" => allowed.Keys.ToArray(),
                    _ => [name],
                });
            }

            allowed.Add(row[0], folders);
        }

        string[] unknown = allowed.Values.SelectMany(folders => folders).Except(allowed.Keys).ToArray();
        Assert.True(unknown.Length == 0, $"ARCHITECTURE.md: expected folders of the table, got {string.Join(", ", unknown)}.");
        return allowed;
    }

    private static List<Source> Sources() =>
        Repository.Files(Library.TrimEnd('/'), ".cs")
            .Select(path => new Source(path, path[Library.Length..].Split('/')[0], SourceText.CodeOf(Repository.Read(path))))
            .Where(source => source.Folder.IndexOf('.', StringComparison.Ordinal) < 0)
            .ToList();

    [GeneratedRegex(@"\bPondus\.(?<name>[A-Z]\w*)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex UsedFolder();

    [GeneratedRegex(@"^namespace (?<name>[\w.]+);", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.Multiline, 5000)]
    private static partial Regex NamespaceLine();

    private sealed record Source(string Path, string Folder, string Code);
}
