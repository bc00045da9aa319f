using Pondus.Tests.Conventions;
using Xunit;

namespace Pondus.Tests.Conformance;

public sealed class ConformanceDocumentTests
{
    [Fact]
    public void Document_Rows_AreThoseOfTheAdapters()
    {
        string[] listed = [.. File.ReadLines(Repository.PathOf("docs/conformance.md"))
            .Where(static line => line.StartsWith("| ", StringComparison.Ordinal) && !line.StartsWith("| Name", StringComparison.Ordinal))
            .Select(static line => line.Split(' ')[1])];
        string[] run = [.. OperatorAdapters.All.Keys, .. ModuleAdapters.All.Keys, .. OptimizerAdapters.All.Keys];
        Assert.Equal(run.Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
    }
}
