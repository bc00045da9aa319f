using Pondus.Losses;
using Pondus.Tests.Support;
using Xunit;

namespace Pondus.Tests.Losses;

public sealed class CtcLossTests
{
    public static TheoryData<string> Cases => Golden.Names("ctc");

    [Theory]
    [MemberData(nameof(Cases))]
    public void Forward_GoldenCase_GivesValueAndGradient(string name)
    {
        GoldenCase one = Golden.Case("ctc", name);
        LossReduction reduction = Enum.Parse<LossReduction>(one.Text("reduction"), ignoreCase: true);
        foreach (bool batchFirst in new[] { false, true })
        {
            CtcLoss loss = new(one.Integer("blank"), reduction, one.Flag("zeroInfinity"), batchFirst);
            GoldenRun.Check(one, x => loss.Forward((batchFirst ? x[0].Transpose(0, 1) : x[0]).LogSoftmax(-1), one["labels"].Integers, one.Integers("steps"), one.Integers("counts")));
        }
    }

    /// <summary>Three steps of two classes, one label: the alignments are aaa, _aa, aa_, _a_, a__, __a; not a_a, which is the label twice.</summary>
    [Fact]
    public void Forward_OneLabel_AddsItsAlignments()
    {
        const double p = 0.3, q = 0.7;
        Tensor x = Tensor.Of(new[] { q, p, q, p, q, p }.Select(static v => (float)Math.Log(v)).ToArray(), [1, 3, 2]);
        double expected = -Math.Log((p * p * p) + (2 * p * p * q) + (3 * p * q * q));
        Assert.Equal(expected, new CtcLoss().Forward(x, new[] { 1 }).Item(), 1e-6);
        Assert.Equal(-Math.Log(q * q * q), new CtcLoss().Forward(x, new[] { -100 }).Item(), 1e-6);
    }

    [Fact]
    public void Forward_TooFewSteps_IsInfiniteOrZero()
    {
        Tensor x = Tensor.Zeros([1, 1, 3]);
        Assert.Equal(float.PositiveInfinity, new CtcLoss().Forward(x, new[] { 1, 2 }).Item());
        Assert.Equal(0f, new CtcLoss(zeroInfinity: true).Forward(x, new[] { 1, 2 }).Item());
    }

    [Fact]
    public void Backward_JoinedLabels_GiveTheSlope()
    {
        CtcLoss loss = new(reduction: LossReduction.Sum);
        GradientCheck.Check("CtcLoss", x => loss.Forward(x[0].LogSoftmax(-1), [1, 2, 3, 3], [5, 4], [1, 3]), [Tensor.Normal([2, 5, 4], 0f, 1f, new RandomSource(1))]);
    }

    [Fact]
    public void Forward_WhatDoesNotFit_SaysWhatIsExpected()
    {
        CtcLoss loss = new();
        Tensor x = Tensor.Zeros([2, 3, 4]);
        Assert.Equal("CtcLoss: expected logarithms of probabilities (batch, time, classes) with more than 0 classes, got (2, 3).", Assert.Throws<ShapeException>(() => loss.Forward(Tensor.Zeros([2, 3]), new[] { 1 })).Message);
        Assert.Equal("CtcLoss: expected labels in [0, 4) other than the blank 0, got 4 at sample 1.", Assert.Throws<ShapeException>(() => loss.Forward(x, new[] { 1, 4 })).Message);
        Assert.Equal("CtcLoss: expected labels in [0, 4) other than the blank 0, got 0 at sample 0.", Assert.Throws<ShapeException>(() => loss.Forward(x, new[] { 0, 1 })).Message);
        Assert.Equal("CtcLoss: expected sequences of at most 3 steps, got 4 at sample 0.", Assert.Throws<ShapeException>(() => loss.Forward(x, [1, 2], [4, 3], [1, 1])).Message);
        Assert.Equal("CtcLoss: expected 3 labels, or rows of at least 2 for 2 samples, got 2.", Assert.Throws<ShapeException>(() => loss.Forward(x, [1, 2], [], [1, 2])).Message);
        Assert.Equal("CtcLoss: expected lengths for 2 samples, got 1 of sequences and 2 of labels.", Assert.Throws<ShapeException>(() => loss.Forward(x, [1, 2], [3], [1, 1])).Message);
    }
}
