using Pondus.Data;
using Pondus.Layers;
using Pondus.Optimizers;
using Pondus.Tests.Optimizers;
using Pondus.Tests.Support;
using Xunit;

namespace Pondus.Tests.Autograd;

public sealed class BackwardTests : IDisposable
{
    public void Dispose() => Step.End();

    [Fact]
    public void Backward_Twice_IsRefused()
    {
        Step.Begin();
        Tensor x = Tensor.Of(3f).WithGradient();
        Tensor y = x.Square();
        y.Backward();
        InvalidOperationException error = Assert.Throws<InvalidOperationException>(y.Backward);
        Assert.Equal("Backward: was already called for this tensor in this step.", error.Message);
        Assert.Equal(6f, x.Gradient[0]);
    }

    [Fact]
    public void Backward_SecondLossOverAUsedPart_IsRefused()
    {
        Step.Begin();
        Tensor x = Tensor.Of(3f).WithGradient();
        Tensor shared = x.Square(), first = shared * 2f, second = shared * 5f;
        first.Backward();
        // What the shared part needs is gone: its gradient would stop there without a word.
        InvalidOperationException error = Assert.Throws<InvalidOperationException>(second.Backward);
        Assert.Equal("Backward: a part of this tensor's history was used by an earlier Backward in this step. Add the losses and call Backward once.", error.Message);
    }

    [Fact]
    public void Backward_TwoLossesOverTheSameLeaf_AddUp()
    {
        Step.Begin();
        Tensor x = Tensor.Of(3f).WithGradient();
        Tensor first = x.Square(), second = x * 5f;
        first.Backward();
        second.Backward();
        // 2 * 3 + 5
        Assert.Equal(11f, x.Gradient[0]);
    }

    [Fact]
    public void Backward_NotOneValue_SaysWhatToDo()
    {
        Step.Begin();
        Tensor y = Tensor.Of(1f, 2f).WithGradient() * 2f;
        Assert.Equal("Backward: expected one value, got shape (2). Reduce it with Mean() or Sum() first.", Assert.Throws<ShapeException>(y.Backward).Message);
    }

    [Fact]
    public void Backward_NothingRecorded_SaysWhatToDo()
    {
        Step.Begin();
        Tensor y = Tensor.Of(1f) * 2f;
        Assert.Equal("Backward: nothing was recorded for this tensor. Compute it inside a step, from parameters or tensors made by WithGradient().", Assert.Throws<InvalidOperationException>(y.Backward).Message);
    }

    [Fact]
    public void Backward_DiamondAndChain_AddsAllPaths()
    {
        Step.Begin();
        Tensor x = Tensor.Of(2f).WithGradient();
        Tensor a = x.Square(), b = x * 3f;
        // (x^2 + 3x) x^2 = x^4 + 3x^3: 4 * 8 + 9 * 4
        ((a + b) * a).Sum().Backward();
        Assert.Equal(68f, x.Gradient[0]);
    }

    [Theory]
    [InlineData("multiply")]
    [InlineData("linear")]
    [InlineData("view")]
    [InlineData("stopped")]
    public void Backward_ValueChangedAfterItsUse_IsRefused(string use)
    {
        Linear linear = new(2, 2, new RandomSource(1), useBias: false);
        Parameter weight = linear.Weight;
        Step.Begin();
        Tensor x = Tensor.Of([1f, 2f, 3f, 4f], [2, 2]).WithGradient();
        Tensor y = use switch
        {
            "multiply" => x * weight,
            "linear" => linear.Forward(x),
            "view" => x * weight.ToTensor().Reshape([4]).Reshape([2, 2]),
            _ => x * weight.ToTensor().StopGradient(),
        };
        Tensor loss = y.Sum();
        weight.Set([9f, 9f, 9f, 9f]);
        InvalidOperationException error = Assert.Throws<InvalidOperationException>(loss.Backward);
        Assert.EndsWith("was changed after it was used. Call Backward before the optimizer's step or Set().", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Backward_BatchOverwrittenByTheLoader_IsRefused()
    {
        BatchLoader loader = new(TrainingData.Line(30), batchSize: 10, new RandomSource(1));
        Linear linear = new(1, 1, new RandomSource(1));
        Step.Begin();
        Tensor loss = linear.Forward(loader.Next().Inputs).Sum();
        _ = loader.Next();
        _ = loader.Next();
        InvalidOperationException error = Assert.Throws<InvalidOperationException>(loss.Backward);
        Assert.StartsWith("Backward: an input of LinearOperation was changed after it was used.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Backward_TwoSteps_AddUpUntilTheOptimizersStep()
    {
        Optimizers.Weights weights = new([1f, 2f]);
        Parameter w = weights.OwnParameters[0];
        Sgd optimizer = new(weights.Parameters, new SgdOptions(1f));
        weights.SetGradient([1f, 10f]);
        weights.SetGradient([2f, 20f]);
        Assert.Equal([3f, 30f], w.Gradient.ToArray());
        optimizer.Step();
        Assert.False(w.HasGradient);
        Assert.Equal([1f - 3f, 2f - 30f], w.ToArray());
        weights.SetGradient([5f, 5f]);
        Assert.Equal([5f, 5f], w.Gradient.ToArray());
        w.ZeroGradient();
        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => w.Gradient.Length);
        Assert.Equal("Parameter 'weight0': expected a gradient, got none. Call Backward on a loss that depends on it, before the optimizer's step.", error.Message);
    }

    [Fact]
    public void Backward_ExceptionHalfWay_LeavesNoHalfGradient()
    {
        Optimizers.Weights weights = new([1f], [2f]);
        Parameter first = weights.OwnParameters[0], second = weights.OwnParameters[1];
        weights.SetGradient(1, [7f]);
        Step.Begin();
        // The backward pass meets the product with `second` and `first` before it fails below.
        Tensor inner = new ProbeOperation(static () => throw new InvalidDataException("broken")).Apply(first.ToTensor() * 1f);
        Assert.Throws<InvalidDataException>((inner * second * first).Sum().Backward);
        Assert.False(first.HasGradient);
        // The gradient of the step before was added to: it is no longer a whole one either.
        Assert.False(second.HasGradient);
    }

    [Fact]
    public void Backward_Frozen_ComputesNoGradient()
    {
        Sequential model = new(new Linear(2, 3, new RandomSource(1)), new Tanh(), new Linear(3, 1, new RandomSource(2)));
        Parameter[] all = [.. model.Parameters];
        all[0].RequiresGradient = all[1].RequiresGradient = false;
        Step.Begin();
        model.Forward(Tensor.Of([1f, 2f], [1, 2])).Sum().Backward();
        Assert.Equal([false, false, true, true], all.Select(static p => p.HasGradient));
    }

    [Fact]
    public void Gradient_OfATensorWithoutOne_SaysWhatToDo()
    {
        Step.Begin();
        Tensor x = Tensor.Of(1f).WithGradient();
        Assert.Equal("Tensor: expected a gradient, got none. Make the tensor with WithGradient() inside the step, and call Backward on a result that depends on it.", Assert.Throws<InvalidOperationException>(() => x.Gradient.Length).Message);
    }

    [Fact]
    public void Backward_LongChain_NeedsNoDeepStack()
    {
        Step.Begin();
        Tensor x = Tensor.Of(1f).WithGradient(), y = x;
        for (int i = 0; i < 100_000; i++)
        {
            y += 1f;
        }

        y.Backward();
        Assert.Equal(1f, x.Gradient[0]);
    }
}
