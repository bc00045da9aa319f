using Pondus.Layers;
using Xunit;

namespace Pondus.Tests.Autograd;

public sealed class InferenceTests
{
    [Fact]
    public void Run_FourThreadsAtOnce_GivesTheBitsOfOne()
    {
        RandomSource random = new(1);
        Sequential model = new(new Linear(17, 64, random), new Relu(), new Linear(64, 33, random), new Tanh(), new Linear(33, 5, random), new Softmax());
        Tensor[] inputs = [.. Enumerable.Range(0, 40).Select(i => Tensor.Normal([1 + (i % 13), 17], 0f, 1f, random))];
        float[][] serial = [.. inputs.Select(x => Forward(model, x))];
        float[][][] results = new float[4][][];
        using Barrier together = new(4);
        Thread[] threads = [.. Enumerable.Range(0, 4).Select(t => new Thread(() =>
        {
            together.SignalAndWait();
            results[t] = [.. Enumerable.Range(0, inputs.Length).Select(i => Forward(model, inputs[(i + (10 * t)) % inputs.Length]))];
        }))];
        Array.ForEach(threads, static thread => thread.Start());
        Array.ForEach(threads, static thread => thread.Join());
        for (int t = 0; t < 4; t++)
        {
            for (int i = 0; i < inputs.Length; i++)
            {
                Assert.Equal(serial[(i + (10 * t)) % inputs.Length], results[t][i]);
            }
        }
    }

    [Fact]
    public void Run_Result_IsStaleAfterwards()
    {
        Tensor y = default;
        Inference.Run(0, _ => y = Tensor.Of(1f) * 2f);
        Assert.False(y.IsAlive);
        Assert.Equal(2f, Inference.Run(0, static _ => (Tensor.Of(1f) * 2f).Keep()).Item());
    }

    [Fact]
    public void Run_InsideAStep_LeavesTheStepOpen()
    {
        Step.Begin();
        Tensor x = Tensor.Of(3f).WithGradient();
        Tensor y = x.Square();
        float seen = Inference.Run(x, static t =>
        {
            Tensor inner = t * 2f;
            Assert.Throws<InvalidOperationException>(inner.Backward);
            return Inference.Run(inner, static u => (u + 1f).Item()) + inner.Item();
        });
        // 3 * 2 + 1, and 6
        Assert.Equal(13f, seen);
        y.Backward();
        Assert.Equal(6f, x.Gradient[0]);
        Step.End();
    }

    [Fact]
    public void Run_BodyThrows_ClosesTheScope()
    {
        Assert.Throws<InvalidDataException>(() => Inference.Run(0, static _ => throw new InvalidDataException("broken")));
        Assert.False(Step.IsOpen);
        Assert.Equal(3f, Inference.Run(0, static _ => (Tensor.Of(1f) + 2f).Item()));
    }

    private static float[] Forward(Layer model, Tensor x) => Inference.Run((model, x), static state => state.model.Forward(state.x).ToArray());
}
