using Xunit;

namespace Pondus.Tests.Conventions;

/// <summary>A public type is found by its file's name.</summary>
public sealed class OneTypePerFileTests
{
    [Fact]
    public void Sources_WithPublicTypes_DeclareOneEach() =>
        Repository.AssertNone(PublicTypes().Where(file => file.Names.Count > 1).Select(file => $"{file.Path}: {string.Join(", ", file.Names)}"));

    /// <summary>Operations are exempt: their files hold parts of Tensor and are named after the operation.</summary>
    [Fact]
    public void Sources_WithAPublicType_AreNamedAfterIt() =>
        Repository.AssertNone(PublicTypes()
            .Where(file => file.Names.Count == 1 && !file.IsPartial)
            .Where(file => Path.GetFileNameWithoutExtension(file.Path).Split('.')[0] != file.Names[0])
            .Select(file => $"{file.Path}: {file.Names[0]}"));

    [Theory]
    [InlineData("public sealed class A\n{\n}\n\ninternal struct B;\n", "A B")]
    [InlineData("public readonly record struct Point(int X);\npublic delegate int Map(int x);\n", "Point Map")]
    [InlineData("public static partial class A\n{\n    public enum Inner\n    {\n    }\n}\n", "A")]
    [InlineData("// public class No\n/* public\nclass Neither */\npublic interface IYes;\n", "IYes")]
    public void TypesOf_Declarations_AreFoundAtTheTopLevelOnly(string source, string expected) =>
        Assert.Equal(expected, string.Join(' ', SourceText.TypesOf(SourceText.CodeOf(source)).Select(type => type.Name)));

    private static IEnumerable<(string Path, List<string> Names, bool IsPartial)> PublicTypes() =>
        Repository.Files("src", ".cs")
            .Select(path => (Path: path, Text: Repository.Read(path)))
            .Where(file => !SourceText.IsGenerated(file.Path, file.Text))
            .Select(file =>
            {
                var types = SourceText.TypesOf(SourceText.CodeOf(file.Text)).Where(type => type.Accessibility == "public").ToList();
                return (file.Path, types.Select(type => type.Name).Distinct().ToList(), types.Exists(type => type.IsPartial));
            });
}
