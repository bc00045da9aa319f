using Pondus.Layers;
using Xunit;

namespace Pondus.Tests.Layers;

public sealed class DropoutTests
{
    private static readonly Tensor s_ones = Tensor.Ones([100, 1000]);

    [Fact]
    public void Forward_Training_DropsItsShareAndScalesTheOthers()
    {
        float[] y = Run(new Dropout(0.25f, new RandomSource(1)), 0);
        // The standard error of the share is sqrt(0.25 * 0.75 / 100,000) = 0.0014; five of them.
        Assert.Equal(0.25, y.Count(static v => v == 0f) / (double)y.Length, 0.007);
        Assert.All(y, static v => Assert.True(v == 0f || v == 1f / 0.75f));
    }

    [Fact]
    public void Forward_Evaluation_ChangesNothing() => Assert.Equal(s_ones.ToArray(), new Dropout(0.5f, new RandomSource(1)).Forward(s_ones).ToArray());

    [Fact]
    public void Forward_OtherStepOrLayer_DrawsAnotherMask()
    {
        RandomSource random = new(1);
        Dropout first = new(0.5f, random), second = new(0.5f, random);
        float[] mask = Run(first, 0);
        Assert.Equal(mask, Run(first, 0));
        // Independent masks agree in half of their places; the standard error is 0.0016.
        Assert.Equal(0.5, Agreement(mask, Run(first, 1)), 0.008);
        Assert.Equal(0.5, Agreement(mask, Run(second, 0)), 0.008);
    }

    [Theory]
    [InlineData(-0.1f)]
    [InlineData(1f)]
    [InlineData(float.NaN)]
    public void Constructor_RateOutsideItsRange_IsNamed(float rate)
    {
        string message = Assert.Throws<ArgumentOutOfRangeException>(() => new Dropout(rate, new RandomSource(1))).Message;
        Assert.StartsWith($"Dropout: expected a rate in [0, 1), got {rate}.", message, StringComparison.Ordinal);
    }

    private static float[] Run(Dropout layer, long step)
    {
        Pondus.Step.Begin(new PassContext(IsTraining: true, StepNumber: step));
        float[] y = layer.Forward(s_ones).ToArray();
        Pondus.Step.End();
        return y;
    }

    private static double Agreement(float[] left, float[] right) => left.Zip(right).Count(static pair => pair.First == pair.Second) / (double)left.Length;
}
