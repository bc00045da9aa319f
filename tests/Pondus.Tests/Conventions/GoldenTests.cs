using Pondus.Tests.Support;
using Xunit;

namespace Pondus.Tests.Conventions;

/// <summary>The golden numbers are whole, and PyTorch still gives them.</summary>
public sealed class GoldenTests
{
    private const long LargestBytes = 5_000_000;

    public static TheoryData<string> Families =>
    [
        "operations",
        "layers",
        "images",
        "convolutions",
        "losses",
        "lossCatalogue",
        "optimizers",
        "lbfgs",
        "schedules",
        "initializers",
        "recurrent",
        "ctc",
    ];

    [Theory]
    [MemberData(nameof(Families))]
    public void Load_Family_HasCasesWithOutputs(string family)
    {
        IReadOnlyList<GoldenCase> cases = Golden.Load(family);
        Assert.NotEmpty(cases);
        Assert.All(cases, one => Assert.NotEmpty(one.Outputs));
        Assert.Equal(cases.Count, cases.Select(one => one.Name).Distinct().Count());
    }

    [Fact]
    public void Case_BroadcastAdd_HasTheSumOfItsInputs()
    {
        GoldenCase add = Golden.Case("operations", "add-3x1-1x5");
        GoldenArray a = add["a"], b = add["b"];
        for (int i = 0; i < 15; i++)
        {
            Assert.Equal(a.Singles[i / 5] + b.Singles[i % 5], add.Output.Values[i], 6);
        }

        // The gradient of a sum is the upstream gradient, added over the axis that was broadcast.
        Assert.Equal(add.Output.Upstream![..5].Sum(), a.Gradient![0], 6);
    }

    [Theory]
    [InlineData(new[] { 1.0, 100 }, new[] { 1.009f, 100 }, true)]
    [InlineData(new[] { 1.0, 100 }, new[] { 1.011f, 100 }, false)]
    [InlineData(new[] { 0.0, 0 }, new[] { 5e-7f, 0 }, true)]
    [InlineData(new[] { 0.0, 0 }, new[] { 5e-6f, 0 }, false)]
    [InlineData(new[] { 1.0 }, new[] { float.NaN }, false)]
    [InlineData(new[] { 1.0 }, new[] { 1f, 1f }, false)]
    public void AssertClose_Difference_IsJudgedByTheLargestValue(double[] expected, float[] actual, bool passes)
    {
        Exception? error = Record.Exception(() => Golden.AssertClose("case", expected, actual));
        Assert.Equal(passes, error is null);
    }

    [Fact]
    public void Files_Together_StaySmall() =>
        Assert.InRange(Repository.Files("tests/Pondus.Tests/Golden").Sum(path => new FileInfo(Repository.PathOf(path)).Length), 1, LargestBytes);

    [Fact]
    public void MakeGolden_WithPyTorch_GivesTheStoredNumbers() =>
        Assert.Equal("", Peers.RunPython([Repository.PathOf("tools/golden/make_golden.py"), "--check"]));
}
