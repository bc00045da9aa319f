using System.Text.RegularExpressions;

namespace Pondus.Tests.Conventions;

/// <summary>What a test may read from C# source without a compiler.</summary>
internal static partial class SourceText
{
    /// <summary>The code without comments and without the inside of texts, so that words in them count for nothing.</summary>
    public static string CodeOf(string source) =>
        CommentOrText().Replace(source, match => match.Value.StartsWith('/') ? " " : "\"\"");

    /// <summary>Names of the types that a file declares at its top level, with their accessibility.</summary>
    public static IReadOnlyList<(string Accessibility, string Name, bool IsPartial)> TypesOf(string code) =>
        TopLevelType().Matches(code)
            .Select(match => (match.Groups["access"].Value, match.Groups["name"].Value, match.Value.Contains(" partial ", StringComparison.Ordinal)))
            .ToList();

    /// <summary>Whether code names the type: not as a member of something, and not as a method's name.</summary>
    public static bool Names(string code, string type) =>
        Regex.IsMatch(code, $@"(?<![\w.]){Regex.Escape(type)}\b(?!\s*[(=])|\bnew\s+{Regex.Escape(type)}\b", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(5));

    // Raw texts, verbatim texts, plain texts, characters, comments: whichever begins first.
    [GeneratedRegex("\"{3,}.*?\"{3,}|@\"(?:[^\"]|\"\")*\"|\"(?:\\\\.|[^\"\\\\\\n])*\"|'(?:\\\\.|[^'\\\\\\n])+'|//[^\\n]*|/\\*.*?\\*/",
        RegexOptions.Singleline | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex CommentOrText();

    // File-scoped namespaces: a type at the top level begins its line.
    [GeneratedRegex(@"^(?<access>public|internal|file)\s(?:[a-z]+\s)*?(?:class|struct|interface|enum|record struct|record class|record|delegate\s+[\w<>\[\]?.]+)\s+(?<name>\w+)",
        RegexOptions.Multiline | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex TopLevelType();
}
