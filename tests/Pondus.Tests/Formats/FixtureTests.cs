using Pondus.Tests.Formats.Fixtures;
using Pondus.Tests.Support;
using Xunit;

namespace Pondus.Tests.Formats;

/// <summary>Files of other libraries: each opens to the tensors that its own library reads, or is refused as it should be.</summary>
public sealed class FixtureTests(ITestOutputHelper output)
{
    public static TheoryData<string> Ids => [.. Fixture.Ids()];

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Ids))]
    public void Open_FileOfAnotherLibrary_IsAsItsVerdictSays(string id) => new FixtureCheck(Fixture.Load(id)).Run();

    [Fact]
    public void Open_AllFilesOfOtherLibraries_CountsThemByVerdictAndOutcome()
    {
        TestData.PathOf("fixtures");
        List<(string Section, string Verdict, string Outcome)> results = [];
        foreach (Fixture fixture in Fixture.Ids().Select(Fixture.Load))
        {
            results.Add((fixture.Section, fixture.Verdict, Outcome(fixture)));
        }

        foreach (var group in results.GroupBy(static result => result).OrderBy(static group => group.Key))
        {
            string line = $"{group.Key.Section,-12} {group.Key.Verdict,-24} {group.Key.Outcome,-24} {group.Count(),4}";
            output.WriteLine(line);
            TestContext.Current.SendDiagnosticMessage(line);
        }

        Assert.DoesNotContain(results, static result => result.Outcome is "wrong");
    }

    private static string Outcome(Fixture fixture)
    {
        try
        {
            return new FixtureCheck(fixture).Run();
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            return "wrong";
        }
    }
}
