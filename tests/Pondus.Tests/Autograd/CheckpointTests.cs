using Pondus.Layers;
using Pondus.Tests.Support;
using Xunit;

namespace Pondus.Tests.Autograd;

[Collection(ProcessWide.Name)]
public sealed class CheckpointTests
{
    private static readonly PassContext s_pass = new(IsTraining: true, new RandomSource(7), StepNumber: 3);

    [Fact]
    public void Run_DeepNetworkWithDropout_GivesTheBitsOfThePlainPass()
    {
        Layer[] blocks = Blocks(6, 24);
        Parameter[] parameters = [.. blocks.SelectMany(static b => b.Parameters)];
        Tensor x = Tensor.Normal([10, 24], 0f, 1f, new RandomSource(1));
        float[][] plain = Gradients(parameters, x, leaf => blocks.Aggregate(leaf, static (h, b) => b.Forward(h)));
        float[][] kept = Gradients(parameters, x, leaf => blocks.Aggregate(leaf, static (h, b) => Checkpoint.Run(b.Forward, h)));
        float[][] nested = Gradients(parameters, x, leaf => Checkpoint.Run(h => blocks[3..].Aggregate(Checkpoint.Run(g => blocks[..3].Aggregate(g, static (f, b) => b.Forward(f)), h), static (f, b) => b.Forward(f)), leaf));
        Assert.Equal(plain, kept);
        Assert.Equal(plain, nested);
    }

    [Fact]
    public void Run_InputUsedElsewhereToo_AddsInTheOrderOfThePlainPass()
    {
        Layer block = Blocks(1, 5)[0];
        Tensor x = Tensor.Normal([3, 5], 0f, 1f, new RandomSource(1));
        static Tensor Twice(Layer layer, Tensor h) => layer.Forward(h) * h.Sigmoid();
        float[][] plain = Gradients([.. block.Parameters], x, leaf => Twice(block, leaf) + leaf.Tanh() + leaf.Square());
        float[][] kept = Gradients([.. block.Parameters], x, leaf => Checkpoint.Run(h => Twice(block, h), leaf) + leaf.Tanh() + leaf.Square());
        Assert.Equal(plain, kept);
    }

    /// <summary>A sequence in four stretches, the states handed on.</summary>
    [Fact]
    public void Run_StretchesOfASequence_GiveTheGradientsOfTheWhole()
    {
        Lstm layer = new(3, 5, new RandomSource(1));
        Tensor x = Tensor.Normal([2, 12, 3], 0f, 1f, new RandomSource(4));
        Parameter[] parameters = [.. layer.Parameters];
        float[][] whole = Gradients(parameters, x, layer.Forward);
        float[][] parts = Gradients(parameters, x, leaf =>
        {
            Tensor h = Tensor.Zeros([1, 2, 5]), c = h;
            Tensor[] outputs = new Tensor[4];
            for (int i = 0; i < 4; i++)
            {
                Tensor[] after = Checkpoint.Run(
                    values =>
                    {
                        Tensor y = layer.Forward(values[0], new LstmState(values[1], values[2]), out LstmState state);
                        return [y, state.Hidden, state.Cell];
                    },
                    leaf.Slice(1, 3 * i, 3),
                    h,
                    c);
                (outputs[i], h, c) = (after[0], after[1], after[2]);
            }

            return Tensor.Concatenate(1, outputs);
        });
        for (int i = 0; i < whole.Length; i++)
        {
            Golden.AssertClose($"gradient {i}", Array.ConvertAll(whole[i], static v => (double)v), parts[i], 1e-5);
        }
    }

    [Fact]
    public void Run_DeepNetwork_HoldsLessMemory()
    {
        long plain = 0, kept = 0;
        Layer[] blocks = Blocks(16, 64);
        void Measure(bool keepsAll)
        {
            for (int i = 0; i < 3; i++)
            {
                Step.Begin(s_pass);
                Tensor h = Tensor.Zeros([256, 64]);
                foreach (Layer block in blocks)
                {
                    h = keepsAll ? block.Forward(h) : Checkpoint.Run(block.Forward, h);
                }

                h.Sum().Backward();
            }

            Step.End();
            (keepsAll ? ref plain : ref kept) = Tape.OfThread.Capacity;
        }

        // A thread has a tape of its own.
        Run(() => Measure(keepsAll: true));
        Run(() => Measure(keepsAll: false));

        // A block holds four values of 256 x 64, its output among them; gradients take a few more.
        Assert.InRange(kept, 1, plain / 2);
    }

    [Fact]
    public void Run_TensorFromOutside_IsRefused()
    {
        Step.Begin();
        Tensor outside = Tensor.Ones([2]).WithGradient() * 2f, x = Tensor.Ones([2]).WithGradient();
        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => Checkpoint.Run(h => h * outside, x));
        Assert.Equal("Checkpoint: a tensor from outside the segment was used in it. Pass it as an input.", error.Message);
        Assert.Equal(2f, (x * 1f).Sum().Item());
        Step.End();
    }

    [Fact]
    public void Run_OutsideAStep_RunsTheSegment() => Assert.Equal([2f, 4f], Checkpoint.Run(static x => x * 2f, Tensor.Of(1f, 2f)).ToArray());

    private static Layer[] Blocks(int count, int width)
    {
        RandomSource random = new(5);
        return [.. Enumerable.Range(0, count).Select(_ => new Sequential(new Linear(width, width, random), new Tanh(), new Dropout(0.25f, random), new Linear(width, width, random)))];
    }

    private static float[][] Gradients(Parameter[] parameters, Tensor x, Func<Tensor, Tensor> network)
    {
        foreach (Parameter parameter in parameters)
        {
            parameter.ZeroGradient();
        }

        Step.Begin(s_pass);
        Tensor leaf = x.WithGradient(), y = network(leaf);
        y.Square().Sum().Backward();
        float[][] all = [y.ToArray(), leaf.Gradient.ToArray(), .. parameters.Select(static p => p.Gradient.ToArray())];
        Step.End();
        return all;
    }

    private static void Run(Action action)
    {
        Exception? error = null;
        Thread thread = new(() => error = Record.Exception(action));
        thread.Start();
        thread.Join();
        Assert.Null(error);
    }
}
