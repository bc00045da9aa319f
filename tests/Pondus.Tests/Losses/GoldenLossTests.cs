using Pondus.Losses;
using Pondus.Tests.Support;
using Xunit;

namespace Pondus.Tests.Losses;

/// <summary>Losses give PyTorch's double-precision values and gradients.</summary>
public sealed class GoldenLossTests
{
    public static TheoryData<string> Cases => Golden.Names("losses");

    [Theory]
    [MemberData(nameof(Cases))]
    public void Forward_GoldenCase_GivesValueAndGradient(string name)
    {
        GoldenCase one = Golden.Case("losses", name);
        Loss loss = Make(one);
        GoldenArray prediction = one.Inputs[0];
        Check(one, loss, prediction, Targets(one));
        if (one.Inputs.Count == 2)
        {
            // Regression losses are symmetric: the golden gradient of the target is that of a prediction in its place.
            Check(one, loss, one.Inputs[1], Values(prediction));
        }
    }

    [Fact]
    public void Backward_TargetWithGradient_IsRefused()
    {
        Step.Begin();
        Tensor p = Tensor.Of(1f, 2f).WithGradient(), t = Tensor.Of(0f, 0f).WithGradient();
        Tensor loss = new MeanSquaredError().Forward(p, t);
        InvalidOperationException error = Assert.Throws<InvalidOperationException>(loss.Backward);
        Assert.Equal("SquaredError: the target cannot have a gradient. Call StopGradient() on it, or write the loss with tensor operations.", error.Message);
        Step.End();
    }

    private static void Check(GoldenCase one, Loss loss, GoldenArray prediction, Targets targets)
    {
        Step.Begin();
        Tensor p = Values(prediction).WithGradient();
        Tensor y = loss.Forward(p, targets);
        string what = $"{one.Name}: ";
        Golden.AssertClose(what + "loss", one.Output.Values, y.Values, GoldenRun.Tolerance);
        (y * one.Output.UpstreamSingles[0]).Backward();
        Golden.AssertClose(what + "gradient of " + prediction.Name, prediction.Gradient!, p.Gradient, GoldenRun.Tolerance);
        Step.End();
    }

    private static Targets Targets(GoldenCase one) => one.Op switch
    {
        "CrossEntropy" => one["labels"].Integers,
        _ => Values(one["target"]),
    };

    private static Tensor Values(GoldenArray array) => Tensor.Of(array.Singles, new Shape(array.Shape));

    private static Loss Make(GoldenCase one) => one.Op switch
    {
        "MeanSquaredError" => new MeanSquaredError(),
        "MeanAbsoluteError" => new MeanAbsoluteError(),
        "Huber" => new Huber((float)one.Number("delta")),
        "CrossEntropy" => new CrossEntropy((float)one.Number("smoothing"), one.Has("classWeights") ? one.Numbers("classWeights") : []),
        "BinaryCrossEntropy" when one.Flag("logits") => new BinaryCrossEntropy((float)one.Number("positiveWeight")),
        "BinaryCrossEntropy" => new BinaryCrossEntropyOnProbabilities(),
        _ => throw new NotSupportedException($"Golden losses: expected a loss for '{one.Op}', got none."),
    };
}
