using System.Text.RegularExpressions;
using Xunit;

namespace Pondus.Tests.Conventions;

/// <summary>What is written in the repository is true on every machine.</summary>
public sealed partial class DocumentationTests
{
    // Put together here, so that this file does not name them.
    private static readonly string[] s_forbidden =
    [
        "/ro" + "ot/", "/wo" + "rk/", "/ho" + "me/", "/t" + "mp/", "/Us" + "ers/", "api.nu" + "get.org", "registry.np" + "mjs.org", "py" + "pi.org", "../sha" + "red",
    ];

    private static readonly string[] s_text =
    [
        ".cs", ".md", ".sh", ".py", ".json", ".props", ".targets", ".csproj", ".slnx", ".txt", ".proto", ".editorconfig", ".gitignore", "",
    ];

    [Fact]
    public void Texts_OfTheRepository_NameNoPlaceOfOneMachine()
    {
        List<string> wrong = [];
        foreach (string path in Repository.Files("", s_text).Where(path => !IsData(path)))
        {
            string text = Repository.Read(path);
            wrong.AddRange(s_forbidden.Where(word => NamesPlace(text, word) && !(path == ".ci/run" && word.StartsWith("..", StringComparison.Ordinal))).Select(word => $"{path}: {word}"));
        }

        Repository.AssertNone(wrong);
    }

    [Fact]
    public void Links_OfMarkdownFiles_LeadToFiles()
    {
        List<string> wrong = [];
        foreach (string path in Repository.Files("", ".md"))
        {
            string folder = Path.GetDirectoryName(path)!.Replace(Path.DirectorySeparatorChar, '/');
            foreach (string link in Link().Matches(Repository.Read(path)).Select(match => match.Groups["target"].Value.Split('#')[0]))
            {
                string target = Path.Combine(Repository.PathOf(folder), link);
                if (link.Length > 0 && !link.Contains("://", StringComparison.Ordinal) && !File.Exists(target) && !Directory.Exists(target))
                {
                    wrong.Add($"{path}: {link}");
                }
            }
        }

        Repository.AssertNone(wrong);
    }

    [Fact]
    public void Readme_FirstScreen_HasBothCommands()
    {
        string first = string.Join('\n', Repository.Read("README.md").Split('\n').Take(25));
        Assert.Contains("./pondus train letters", first, StringComparison.Ordinal);
        Assert.Contains("./build.sh test", first, StringComparison.Ordinal);
    }

    [Fact]
    public void Decisions_EachFile_IsNumberedOnce()
    {
        string[] names = Repository.Files("docs/decisions", ".md").Select(path => Path.GetFileName(path)).ToArray();
        Assert.NotEmpty(names);
        Assert.All(names, name => Assert.Matches(@"^\d{4}-[a-z0-9-]+\.md$", name));
        Assert.Equal(names.Length, names.Select(name => name[..4]).Distinct().Count());
    }

    // Part of a longer path or of a web address is another thing: ./folder/x, example.org/folder/.
    private static bool NamesPlace(string text, string word)
    {
        for (int at = text.IndexOf(word, StringComparison.Ordinal); at >= 0; at = text.IndexOf(word, at + 1, StringComparison.Ordinal))
        {
            if (!word.StartsWith('/') || at == 0 || !(char.IsLetterOrDigit(text[at - 1]) || text[at - 1] is '.' or '_' or '-' or '}' or '"'))
            {
                return true;
            }
        }

        return false;
    }

    // Hashes and numbers, where a forbidden word would be chance.
    private static bool IsData(string path) =>
        path.EndsWith("packages.lock.json", StringComparison.Ordinal) || path.StartsWith("tests/Pondus.Tests/Golden/", StringComparison.Ordinal)
        || path.StartsWith("benchmarks/Pondus.Benchmarks/results/", StringComparison.Ordinal);

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex Link();
}
