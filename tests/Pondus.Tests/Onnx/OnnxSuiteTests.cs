using Pondus.Tests.Conventions;
using Xunit;

namespace Pondus.Tests.Onnx;

/// <summary>ONNX's own tests, counted.</summary>
public sealed class OnnxSuiteTests
{
    [Theory]
    [InlineData("pytorch-converted", 82, 82)]
    [InlineData("pytorch-operator", 35, 35)]
    [InlineData("simple", 23, 23)]
    [InlineData("node", 932, 918)]
    public void Run_Group_AgreesWithItsOutputs(string group, int tests, int least)
    {
        OnnxSuiteCase[] cases = [.. OnnxSuite.Cases.Where(one => one.Group == group)];
        OnnxSuiteCase[] failed = [.. cases.Where(static one => one.Failure is not null)];
        TestContext.Current.TestOutputHelper?.WriteLine($"{group}: {cases.Length - failed.Length} of {cases.Length} agree");
        Assert.Equal(tests, cases.Length);
        Assert.True(cases.Length - failed.Length >= least, string.Join('\n', failed.Select(static one => $"{one.Name}: {one.Failure}")));
    }

    [Theory]
    [InlineData("test_adagrad", 2)]
    [InlineData("test_adam", 2)]
    [InlineData("test_momentum", 2)]
    [InlineData("test_nesterov_momentum", 1)]
    [InlineData("test_gradient_of_add", 2)]
    public void Run_TrainingTest_Agrees(string prefix, int tests)
    {
        OnnxSuiteCase[] cases = [.. OnnxSuite.Cases.Where(one => one.Name.StartsWith(prefix, StringComparison.Ordinal))];
        Assert.Equal(tests, cases.Length);
        Assert.All(cases, static one => Assert.Null(one.Failure));
    }

    [Fact]
    public void Run_AllTests_NoneCrashes() =>
        Assert.Empty(OnnxSuite.Cases.Where(static one => one.IsCrash).Select(static one => $"{one.Name}: {one.Failure}"));

    [Fact]
    public void Run_AllTests_GivesTheTableOfTheDocument()
    {
        string table = OnnxSuite.Table();
        if (Environment.GetEnvironmentVariable(OnnxSuite.TableVariable) is { Length: > 0 } path)
        {
            File.WriteAllText(path, table);
        }

        Assert.Equal(Repository.Read("docs/onnx-conformance.md"), table);
    }
}
