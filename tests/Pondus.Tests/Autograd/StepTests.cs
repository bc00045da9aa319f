using Xunit;

namespace Pondus.Tests.Autograd;

public sealed class StepTests
{
    private const string Stale = "This tensor's step has ended. Call Keep() inside the step.";

    [Fact]
    public void Begin_Again_EndsTheStepBefore()
    {
        Step.Begin();
        Tensor x = Tensor.Of(1f, 2f) * 3f;
        Assert.True(Step.IsOpen);
        Assert.Equal([3f, 6f], x.ToArray());
        Step.Begin();
        AssertStale(x);
        Step.End();
        Assert.False(Step.IsOpen);
    }

    [Fact]
    public void End_StepOpen_MakesItsTensorsStale()
    {
        Step.Begin();
        Tensor x = Tensor.Of(1f) * 3f, leaf = Tensor.Of(1f).WithGradient(), view = x.Reshape([1, 1]);
        Step.End();
        AssertStale(x);
        AssertStale(leaf);
        AssertStale(view);
        Step.End();
        Assert.False(Step.IsOpen);
    }

    [Fact]
    public void Begin_AfterAnException_EndsTheStepBefore()
    {
        Tensor x = default;
        Assert.Throws<ShapeException>(() =>
        {
            Step.Begin();
            x = Tensor.Of(1f, 2f) * 2f;
            _ = x + Tensor.Of(1f, 2f, 3f);
        });
        Assert.Equal([2f, 4f], x.ToArray());
        Step.Begin();
        AssertStale(x);
        Step.End();
    }

    [Fact]
    public void Begin_AfterAFailedBackward_WorksAgain()
    {
        Step.Begin();
        Tensor x = Tensor.Of(1f).WithGradient();
        Tensor y = new ProbeOperation(static () => throw new InvalidDataException("broken")).Apply(x);
        Assert.Throws<InvalidDataException>(y.Backward);
        Step.Begin();
        x = Tensor.Of(2f).WithGradient();
        x.Square().Backward();
        Assert.Equal(4f, x.Gradient[0]);
        Step.End();
    }

    [Fact]
    public void KeepAndDetach_AfterTheStep_StillHoldTheValues()
    {
        Step.Begin();
        Tensor y = Tensor.Of(1f, 2f).WithGradient() * 2f;
        Tensor kept = y.Keep(), detached = y.Detach();
        Assert.Equal(y.Shape, kept.Shape);
        Assert.Throws<InvalidOperationException>(() => kept.Sum().Backward());
        // The memory of the step is used anew; copies do not notice.
        Step.Begin();
        _ = Tensor.Of(7f, 7f) * 1f;
        Step.End();
        Assert.Equal([2f, 4f], kept.ToArray());
        Assert.Equal([2f, 4f], detached.ToArray());
    }

    [Fact]
    public void StopGradient_InAProduct_CutsThatFactorOnly()
    {
        Step.Begin();
        Tensor x = Tensor.Of(3f).WithGradient();
        // d/dx of x times a constant 3 is 3, not 6.
        (x * x.StopGradient()).Sum().Backward();
        Assert.Equal([3f], x.Gradient.ToArray());
        Step.End();
    }

    [Fact]
    public void Operations_OutsideAStep_AreNotRecorded()
    {
        Tensor y = Tensor.Of(1f, 2f) * 2f;
        Assert.Equal([2f, 4f], y.ToArray());
        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => y.Sum().Backward());
        Assert.Equal("Backward: no step is open. Call Step.Begin() before the forward pass.", error.Message);
        error = Assert.Throws<InvalidOperationException>(() => y.WithGradient());
        Assert.Equal("WithGradient: no step is open. Call Step.Begin() first.", error.Message);
    }

    [Fact]
    public void Begin_InsideBackward_IsRefused()
    {
        Step.Begin();
        Tensor y = new ProbeOperation(Step.Begin).Apply(Tensor.Of(1f).WithGradient());
        InvalidOperationException error = Assert.Throws<InvalidOperationException>(y.Backward);
        Assert.Equal("Step: cannot begin inside Backward. Begin the next step after it has returned.", error.Message);
        Step.End();
    }

    [Fact]
    public void Tape_UsedOnAnotherThread_IsRefused()
    {
        Step.Begin();
        Tensor loss = Tensor.Of(1f).WithGradient().Square();
        Tape tape = Tape.Current!;
        Exception? onTape = null, onTensor = null;
        Thread thread = new(() =>
        {
            onTape = Record.Exception(() => tape.Backward(loss.Use()));
            onTensor = Record.Exception(loss.Backward);
        });
        thread.Start();
        thread.Join();
        Assert.Equal("Step: was begun on another thread. Keep a step on one thread, without await inside it.", Assert.IsType<InvalidOperationException>(onTape).Message);
        Assert.Equal("Backward: no step is open. Call Step.Begin() before the forward pass.", Assert.IsType<InvalidOperationException>(onTensor).Message);
        loss.Backward();
        Step.End();
    }

    [Fact]
    public void Begin_OnTwoThreads_KeepsTheirStepsApart()
    {
        Step.Begin();
        Tensor x = Tensor.Of(2f).WithGradient();
        Tensor y = x.Square();
        Thread thread = new(() =>
        {
            Step.Begin();
            Tensor.Of(5f).WithGradient().Square().Backward();
            Step.End();
        });
        thread.Start();
        thread.Join();
        y.Backward();
        Assert.Equal(4f, x.Gradient[0]);
        Step.End();
    }

    [Fact]
    public void Context_OfThePass_IsTheOneGiven()
    {
        Assert.Same(PassContext.Evaluation, PassContext.Current);
        PassContext pass = new(IsTraining: true, StepNumber: 7);
        Step.Begin(pass);
        Assert.Same(pass, PassContext.Current);
        Assert.Same(PassContext.Evaluation, Inference.Run(0, static _ => PassContext.Current));
        Assert.Same(pass, PassContext.Current);
        Step.End();
    }

    [Fact]
    public void Use_NeverGivenAValue_SaysSo()
    {
        Assert.Equal("This tensor was never given a value. Make one with Tensor.Of, Tensor.Zeros or an operation.", Assert.Throws<InvalidOperationException>(() => default(Tensor).Count).Message);
        Assert.False(default(Tensor).IsAlive);
    }

    private static void AssertStale(Tensor x)
    {
        Assert.False(x.IsAlive);
        Assert.Equal(Stale, Assert.Throws<InvalidOperationException>(() => x.ToArray()).Message);
        Assert.Equal(Stale, Assert.Throws<InvalidOperationException>(() => x.Shape).Message);
        Assert.Equal(Stale, Assert.Throws<InvalidOperationException>(() => x + x).Message);
        Assert.Equal(Stale, Assert.Throws<InvalidOperationException>(() => x.Keep()).Message);
        Assert.Equal("Tensor (its step has ended)", x.ToString());
    }
}
