using Pondus.Data;
using Xunit;

namespace Pondus.Tests.Data;

public sealed class StandardizerTests
{
    [Fact]
    public void Fit_Table_GivesPopulationNumbersAndOneForAConstant()
    {
        // First column 1 3: mean 2, deviation 1 (a sample's would be 1.414). Second 7 7: constant.
        Dataset data = new([1, 7, 3, 7], [2], [0, 0], ["a"]);
        Standardizer standardizer = Standardizer.Fit(data);
        Assert.Equal([2f, 7f], standardizer.Mean);
        Assert.Equal([1f, 1f], standardizer.Deviation);
        Assert.Equal([-1f, 0f, 1f, 0f], standardizer.Apply(data).Inputs);
        Assert.Equal([1f, 7f, 3f, 7f], data.Inputs);
    }

    [Fact]
    public void Fit_Pictures_UsesOneMeanForAll()
    {
        // 0 0 2 6: mean 2, deviation sqrt((4 + 4 + 0 + 16) / 4) = sqrt(6).
        Dataset data = new([0, 0, 2, 6], [1, 1, 2], [0, 0], ["a"]);
        Standardizer standardizer = Standardizer.Fit(data, perFeature: false);
        Assert.Equal([2f], standardizer.Mean);
        Assert.Equal([MathF.Sqrt(6)], standardizer.Deviation);
    }

    [Fact]
    public void Fit_FarFromZero_KeepsTheDeviation()
    {
        // In float the mean square minus the squared mean of these would be 0 or negative.
        Assert.Equal([1f], Standardizer.Fit([100_000f, 100_002f], 1).Deviation);
    }

    [Fact]
    public void Fit_ConstantThatFloatCannotHold_GetsOne()
    {
        float[] values = new float[1000];
        Array.Fill(values, 0.1f);
        Assert.Equal([1f], Standardizer.Fit(values, 1).Deviation);
    }

    [Fact]
    public void Invert_AfterApply_GivesTheValuesBack()
    {
        float[] values = [1, 20, 3, 60];
        Standardizer standardizer = Standardizer.Fit(values, 2);
        standardizer.Apply(values);
        Assert.Equal([-1f, -1f, 1f, 1f], values);
        standardizer.Invert(values);
        Assert.Equal([1f, 20f, 3f, 60f], values);
    }

    [Fact]
    public void Fit_NotFinite_NamesRowAndFeature()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => Standardizer.Fit([1, 2, 3, float.NaN], 2));
        Assert.StartsWith("Standardizer: expected finite values, got NaN in row 1, feature 1.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Apply_OtherFeatureCount_ShowsBoth()
    {
        Standardizer standardizer = new([0, 0, 0], [1, 1, 1]);
        ArgumentException error = Assert.Throws<ArgumentException>(() => standardizer.Apply(new Dataset(new float[12], [4], [0, 0, 0], ["a"])));
        Assert.StartsWith("Standardizer: expected samples of 3 features, got (4).", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(-1f)]
    [InlineData(float.NaN)]
    public void Constructor_DeviationNotAboveZero_IsRefused(float deviation) =>
        Assert.Throws<ArgumentException>(() => new Standardizer([0], [deviation]));
}
