using Pondus.Metrics;
using Xunit;

namespace Pondus.Tests.Metrics;

public sealed class MetricTests
{
    [Fact]
    public void Accuracy_Classes_CountsTheLargestOutputs()
    {
        Accuracy metric = new();
        Tensor logits = Tensor.Of([1f, 2f, 0f, 3f, 1f, 0f, 0f, 0f, 9f], [3, 3]);
        metric.Add(logits, [1, 1, 2], default);
        Assert.Equal(2.0 / 3, metric.Value);
        // The label -100 is not counted: two of three and one of one more.
        metric.Add(logits, [-100, 0, -100], default);
        Assert.Equal(3.0 / 4, metric.Value);
        metric.Reset();
        Assert.True(double.IsNaN(metric.Value));
    }

    [Fact]
    public void Accuracy_YesOrNo_ComparesLogitsWithZero()
    {
        Accuracy metric = new();
        metric.Add(Tensor.Of(2f, -1f, 0.1f, -3f), [], Tensor.Of(1f, 0f, 0f, 1f));
        Assert.Equal(0.5, metric.Value);
    }

    [Fact]
    public void Accuracy_WrongCount_NamesShapeAndCount() => Assert.Equal(
        "Accuracy: expected one label for each row of (3, 3), got 2.",
        Assert.Throws<ShapeException>(() => new Accuracy().Add(Tensor.Zeros([3, 3]), [1, 2], default)).Message);

    [Fact]
    public void MeanAbsoluteError_TwoBatches_IsTheMeanOverAll()
    {
        MeanAbsoluteError metric = new();
        metric.Add(Tensor.Of(1f, 2f), [], Tensor.Of(2f, 0f));
        metric.Add(Tensor.Of(5f), [], Tensor.Of(5f));
        Assert.Equal(1, metric.Value);
    }

    [Fact]
    public void RootMeanSquaredError_TwoBatches_IsTheRootOverAll()
    {
        RootMeanSquaredError metric = new();
        metric.Add(Tensor.Of(1f, 2f), [], Tensor.Of(2f, 4f));
        metric.Add(Tensor.Of(5f), [], Tensor.Of(7f));
        // (1 + 4 + 4) / 3
        Assert.Equal(Math.Sqrt(3), metric.Value, 1e-12);
    }

    [Fact]
    public void RSquared_TwoBatches_IsTheShareExplained()
    {
        RSquared metric = new();
        metric.Add(Tensor.Of(1f, 2f), [], Tensor.Of(1f, 3f));
        metric.Add(Tensor.Of(5f), [], Tensor.Of(5f));
        // Mean 3: 1 - 1 / (4 + 0 + 4).
        Assert.Equal(1 - (1.0 / 8), metric.Value, 1e-12);
    }

    [Fact]
    public void RSquared_TargetsFarFromZero_KeepsItsDigits()
    {
        RSquared metric = new();
        // Singles near 10^8 are 8 apart; their squares, added in double, would be off by several units.
        metric.Add(Tensor.Of(123_456_784f, 123_456_800f, 123_456_808f), [], Tensor.Of(123_456_784f, 123_456_792f, 123_456_808f));
        // 0, 8 and 24 around their mean: 64 + 576 - 32^2 / 3 = 896 / 3; one prediction is off by 8.
        Assert.Equal(1 - (64 * 3 / 896.0), metric.Value, 1e-9);
    }

    [Fact]
    public void RSquared_ConstantTargets_HasNoValue()
    {
        RSquared metric = new();
        metric.Add(Tensor.Of(1f, 2f), [], Tensor.Of(3f, 3f));
        Assert.True(double.IsNaN(metric.Value));
    }
}
