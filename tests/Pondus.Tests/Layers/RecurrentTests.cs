using Pondus.Layers;
using Pondus.Tests.Support;
using Xunit;

namespace Pondus.Tests.Layers;

/// <summary>What recurrent layers promise beyond PyTorch's numbers.</summary>
[Collection(ProcessWide.Name)]
public sealed class RecurrentTests
{
    public static TheoryData<string> Kinds => ["Rnn", "Lstm", "Gru"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Backward_BehindAnEmbedding_GivesTheNumbersOfTheLongWay(string kind)
    {
        foreach (int? padding in new int?[] { null, 2 })
        {
            Embedding table = new(5, 3, new RandomSource(1), padding);
            table.Weight.Set([.. Enumerable.Range(0, 15).Select(static i => MathF.Sin(i + 1))]);
            Recurrent layer = Make(kind, 3, 7);
            Parameter[] parameters = [table.Weight, .. layer.Parameters];
            Tensor tokens = Tensor.Of([.. Enumerable.Range(0, 24).Select(static i => (float)(i * i % 5))], [4, 6]);
            Tensor upstream = Tensor.Uniform([4, 6, layer.OutFeatures], -1f, 1f, new RandomSource(3));

            // Multiplied by one, the embedding's values do not come from a table any more.
            (float[] y, float[][] d) = Gradients(parameters, () => (layer.Forward(table.Forward(tokens)) * upstream).Sum());
            (float[] longY, float[][] longD) = Gradients(parameters, () => (layer.Forward(table.Forward(tokens) * 1f) * upstream).Sum());
            Assert.Equal(longY, y);
            for (int i = 0; i < d.Length; i++)
            {
                Golden.AssertClose(parameters[i].Name, Array.ConvertAll(longD[i], static v => (double)v), d[i], 1e-5);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Backward_AnyNumberOfThreads_GivesTheSameBits(string kind)
    {
        Recurrent layer = Make(kind, 20, 40);
        Tensor x = Tensor.Normal([50, 7, 20], 0f, 1f, new RandomSource(4));
        Parameter[] parameters = [.. layer.Parameters];
        int[] lengths = [.. Enumerable.Range(0, 50).Select(static i => 1 + (i % 7))];
        float[][]? first = null;
        foreach (int threads in new[] { 1, 2, 3, 4 })
        {
            using PoolThreads pool = new(threads);
            (float[] y, float[][] d) = Gradients(parameters, () => layer.Forward(x, lengths).Square().Sum());
            float[][] all = [y, .. d];
            first ??= all;
            Assert.Equal(first, all);
        }
    }

    /// <summary>Sums over many places of a result so small that a plain product would cut them.</summary>
    [Fact]
    public void Backward_ManyPlacesOfASmallLayer_GivesTheSameBitsForAnyNumberOfThreads()
    {
        Rnn layer = new(64, 64, new RandomSource(2));
        Tensor x = Tensor.Normal([80, 60, 64], 0f, 1f, new RandomSource(4));
        Parameter[] parameters = [.. layer.Parameters];
        float[][]? first = null;
        foreach (int threads in new[] { 1, 2, 3 })
        {
            using PoolThreads pool = new(threads);
            (float[] y, float[][] d) = Gradients(parameters, () => layer.Forward(x).Square().Sum());
            float[][] all = [y, .. d];
            first ??= all;
            Assert.Equal(first, all);
        }
    }

    /// <summary>A padded sample has the outputs and gives the gradients that it has alone.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void Forward_Lengths_GiveEachSampleWhatItHasAlone(string kind)
    {
        Recurrent layer = Make(kind, 3, 5);
        Tensor x = Tensor.Normal([3, 6, 3], 0f, 1f, new RandomSource(4));
        int[] lengths = [2, 6, 4];
        float[] padded = layer.Forward(x, lengths).ToArray();
        int width = layer.OutFeatures;
        for (int i = 0; i < lengths.Length; i++)
        {
            float[] alone = layer.Forward(x.Slice(0, i, 1).Slice(1, 0, lengths[i])).ToArray();
            Assert.Equal(alone, padded.AsSpan(i * 6 * width, lengths[i] * width).ToArray());
            Assert.All(padded.AsSpan(((i * 6) + lengths[i]) * width, (6 - lengths[i]) * width).ToArray(), static v => Assert.Equal(0f, v));
        }
    }

    [Fact]
    public void Forward_StatesCarriedOver_GoOnAsInOneSequence()
    {
        Lstm layer = new(3, 5, new RandomSource(1), layers: 2);
        Tensor x = Tensor.Normal([2, 6, 3], 0f, 1f, new RandomSource(4));
        float[] whole = layer.Forward(x).Slice(1, 4, 2).ToArray();
        layer.Forward(x.Slice(1, 0, 4), null, out LstmState state);
        Assert.Equal(whole, layer.Forward(x.Slice(1, 4, 2), state, out _).ToArray());
    }

    [Fact]
    public void Forward_WrongStatesAndLengths_SayWhatIsExpected()
    {
        Gru layer = new(3, 5, new RandomSource(1), bidirectional: true);
        Tensor x = Tensor.Zeros([2, 4, 3]);
        Assert.Equal("Gru(3 -> 5, bidirectional): expected hidden states of shape (2, 2, 5), got (1, 2, 5).", Assert.Throws<ShapeException>(() => layer.Forward(x, Tensor.Zeros([1, 2, 5]), out _)).Message);
        Assert.Equal("Gru(3 -> 5, bidirectional): expected one length for each of 2 samples, got 3.", Assert.Throws<ShapeException>(() => layer.Forward(x, [1, 2, 3])).Message);
        Assert.Equal("Gru(3 -> 5, bidirectional): expected lengths from 1 to 4, got 5 at sample 1.", Assert.Throws<ShapeException>(() => layer.Forward(x, [1, 5])).Message);
        Assert.Equal("Gru(3 -> 5, bidirectional): expected lengths from 1 to 4, got 0 at sample 0.", Assert.Throws<ShapeException>(() => layer.Forward(x, [0, 4])).Message);
    }

    [Fact]
    public void Backward_WeightSetAfterwards_IsRefused()
    {
        Lstm layer = new(2, 3, new RandomSource(1));
        Step.Begin();
        Tensor y = layer.Forward(Tensor.Ones([1, 2, 2])).Sum();
        Parameter bias = layer.Parameters.Last();
        bias.Set(bias.ToArray());
        InvalidOperationException error = Assert.Throws<InvalidOperationException>(y.Backward);
        Assert.Equal("Backward: an input of RecurrentOperation was changed after it was used. Call Backward before the optimizer's step or Set().", error.Message);
        Step.End();
    }

    [Fact]
    public void Forward_Frozen_GivesTheOthersGradients()
    {
        Lstm layer = new(2, 3, new RandomSource(1));
        Parameter[] all = [.. layer.Parameters];
        all[0].RequiresGradient = all[3].RequiresGradient = false;
        Step.Begin();
        layer.Forward(Tensor.Ones([1, 2, 2])).Sum().Backward();
        Step.End();
        Assert.Equal([false, true, true, false], all.Select(static p => p.HasGradient));
    }

    private static (float[] Value, float[][] Gradients) Gradients(Parameter[] parameters, Func<Tensor> loss)
    {
        foreach (Parameter parameter in parameters)
        {
            parameter.ZeroGradient();
        }

        Step.Begin();
        Tensor y = loss();
        y.Backward();
        float[] value = y.ToArray();
        Step.End();
        return (value, [.. parameters.Select(static p => p.Gradient.ToArray())]);
    }

    private static Recurrent Make(string kind, int inputs, int hidden) => kind switch
    {
        "Rnn" => new Rnn(inputs, hidden, new RandomSource(2), bidirectional: true),
        "Gru" => new Gru(inputs, hidden, new RandomSource(2), bidirectional: true),
        _ => new Lstm(inputs, hidden, new RandomSource(2), bidirectional: true),
    };
}
