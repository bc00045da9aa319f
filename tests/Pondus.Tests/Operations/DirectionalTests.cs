using Pondus.Tests.Support;
using Xunit;

namespace Pondus.Tests.Operations;

/// <summary>Every operation's gradient is the slope of what the operation computes.</summary>
public sealed class DirectionalTests
{
    /// <summary>The golden cases, for their shapes; those of ranges stand at kinks and ends.</summary>
    public static TheoryData<string> Cases => [.. Golden.Load("operations").Where(static one => !one.IsRange).Select(static one => one.Name)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Gradient_EveryOperation_IsItsSlope(string name)
    {
        GoldenCase one = Golden.Case("operations", name);
        Tensor[] inputs = [.. one.Inputs.Select(static array => Tensor.Of(array.Singles, new Shape(array.Shape)))];
        GradientCheck.Check(name, x => GoldenOperations.Compute(one, x), inputs);
    }

    [Fact]
    public void Gradient_NumbersWithTensors_IsTheirSlope()
    {
        Tensor x = Tensor.Of([0.5f, -1.25f, 2f, 3f, -0.75f, 1.5f], [2, 3]);
        (string Name, Func<Tensor, Tensor> Compute)[] all =
        [
            ("x + 2", static t => t + 2f), ("2 + x", static t => 2f + t), ("x - 2", static t => t - 2f), ("2 - x", static t => 2f - t),
            ("3 x", static t => 3f * t), ("x 3", static t => t * 3f), ("x / 2", static t => t / 2f), ("2 / x", static t => 2f / t),
            ("range", static t => t.Slice(1, 1..)), ("flatten", static t => t.Flatten(0)), ("last two", static t => t.Transpose()),
        ];
        Assert.All(all, one => GradientCheck.Check(one.Name, inputs => one.Compute(inputs[0]), [x]));
    }

    /// <summary>The mask of the backward pass is drawn anew: it must be that of the forward pass.</summary>
    [Theory]
    [InlineData(0f)]
    [InlineData(0.3f)]
    [InlineData(0.9f)]
    public void Gradient_Dropout_IsItsSlope(float rate) => GradientCheck.Check(
        "dropout", x => x[0].Dropout(rate, new RandomSource(5)), [Tensor.Normal([7, 9], 0f, 1f, new RandomSource(1))]);

    [Fact]
    public void Check_WrongGradient_Fails()
    {
        Tensor x = Tensor.Of(0.5f, -1.25f, 2f);
        // Half the value has no gradient: the slope is twice what the tape says.
        Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => GradientCheck.Check("half", static t => t[0] + t[0].StopGradient(), [x]));
    }
}
