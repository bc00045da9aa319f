using Pondus.Tests.Support;
using Xunit;

namespace Pondus.Tests.Operations;

public sealed class AttentionTests
{
    /// <summary>Sizes that fill blocks of rows and keys and sizes that do not, many blocks, few rows, and heads that share keys.</summary>
    public static TheoryData<int, int, int, int, int, int, int, bool> Cases => new()
    {
        { 2, 4, 4, 128, 128, 32, 32, true },
        { 1, 2, 2, 70, 300, 10, 7, false },
        { 1, 2, 1, 300, 300, 8, 33, true },
        { 2, 4, 2, 5, 9, 40, 40, false },
        { 1, 1, 1, 1, 600, 17, 17, false },
        { 3, 2, 2, 33, 20, 1, 1, true },
        { 1, 3, 1, 20, 600, 64, 64, true },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void ScaledDotProductAttention_Sizes_GivesWhatTheFormulaGives(int batch, int heads, int keyHeads, int queries, int keys, int size, int valueSize, bool causal)
    {
        RandomSource random = new(1);
        Tensor q = Tensor.Normal([batch, heads, queries, size], 0f, 1f, random), k = Tensor.Normal([batch, keyHeads, keys, size], 0f, 1f, random);
        Tensor v = Tensor.Normal([batch, keyHeads, keys, valueSize], 0f, 1f, random), upstream = Tensor.Normal([batch, heads, queries, valueSize], 0f, 1f, random);
        int[] lengths = [.. Enumerable.Range(0, batch).Select(b => keys - (b * 7))];
        AttentionOptions options = new() { Causal = causal, KeyLengths = lengths, Scale = 0.3f };
        float[][] expected = Gradients([q, k, v], upstream, x => Formula(x[0], x[1], x[2], Hidden(batch, queries, keys, causal, lengths), 0.3f));
        float[][] actual = Gradients([q, k, v], upstream, x => x[0].ScaledDotProductAttention(x[1], x[2], options));
        Close(expected, actual);
    }

    [Fact]
    public void ScaledDotProductAttention_Mask_IsAddedToTheScores()
    {
        RandomSource random = new(2);
        Tensor q = Tensor.Normal([2, 3, 40, 8], 0f, 1f, random), k = Tensor.Normal([2, 3, 50, 8], 0f, 1f, random), v = Tensor.Normal([2, 3, 50, 8], 0f, 1f, random);
        Tensor upstream = Tensor.Normal([2, 3, 40, 8], 0f, 1f, random);
        foreach (Shape shape in (Shape[])[[2, 3, 40, 50], [3, 1, 50], [50], [40, 50], [2, 1, 1, 50]])
        {
            Tensor mask = Tensor.Normal(shape, 0f, 2f, random);
            Close(
                Gradients([q, k, v], upstream, x => Formula(x[0], x[1], x[2], mask, 0.5f)),
                Gradients([q, k, v], upstream, x => x[0].ScaledDotProductAttention(x[1], x[2], new AttentionOptions { Mask = mask, Scale = 0.5f })));
        }
    }

    [Fact]
    public void ScaledDotProductAttention_NothingToSee_GivesZeros()
    {
        RandomSource random = new(3);
        Tensor q = Tensor.Normal([2, 1, 20, 4], 0f, 1f, random), k = Tensor.Normal([2, 1, 6, 4], 0f, 1f, random), v = Tensor.Normal([2, 1, 6, 4], 0f, 1f, random);
        float[] mask = new float[20 * 6];
        mask.AsSpan(0, 6).Fill(float.NegativeInfinity);
        AttentionOptions options = new() { KeyLengths = (int[])[6, 0], Mask = Tensor.Of(mask, [20, 6]) };
        float[][] all = Gradients([q, k, v], Tensor.Ones([2, 1, 20, 4]), x => x[0].ScaledDotProductAttention(x[1], x[2], options));
        Assert.All(all[0][..4], static y => Assert.Equal(0f, y));
        Assert.All(all[0][80..], static y => Assert.Equal(0f, y));
        Assert.All(all[1][..4], static d => Assert.Equal(0f, d));
        Assert.All(all.Skip(1), static gradient => Assert.All(gradient[(gradient.Length / 2)..], static d => Assert.Equal(0f, d)));
        Assert.All(all, static one => Assert.All(one, static value => Assert.True(float.IsFinite(value))));
    }

    [Fact]
    public void ScaledDotProductAttention_OneTensorThrice_AddsItsGradients()
    {
        RandomSource random = new(4);
        Tensor x = Tensor.Normal([2, 2, 9, 4], 0f, 1f, random), upstream = Tensor.Normal([2, 2, 9, 4], 0f, 1f, random);
        Close(Gradients([x], upstream, t => Formula(t[0], t[0], t[0], Tensor.Zeros([9]), 0.5f)), Gradients([x], upstream, t => t[0].ScaledDotProductAttention(t[0], t[0])));
    }

    [Fact]
    public void ScaledDotProductAttention_Dropout_HasTheSlopeOfItsMaskAndKeepsTheExpectation()
    {
        RandomSource random = new(5);
        Tensor q = Tensor.Normal([1, 2, 40, 6], 0f, 1f, random), k = Tensor.Normal([1, 2, 270, 6], 0f, 1f, random), v = Tensor.Normal([1, 2, 270, 6], 0f, 1f, random);
        GradientCheck.Check("dropout", x => x[0].ScaledDotProductAttention(x[1], x[2], new AttentionOptions { DropoutRate = 0.4f, DropoutRandom = new RandomSource(7) }), [q, k, v]);

        // Values of 1: each output is the kept share of its weights, over 0.6. Its mean over 80 rows of 270 weights lies near 1.
        AttentionOptions options = new() { DropoutRate = 0.4f, DropoutRandom = new RandomSource(8) };
        float[] y = q.ScaledDotProductAttention(k, Tensor.Ones([1, 2, 270, 1]), options).ToArray();
        Assert.InRange(y.Average(), 0.97f, 1.03f);
        Assert.Contains(y, static value => Math.Abs(value - 1f) > 0.01f);
        Assert.NotEqual(y, q.ScaledDotProductAttention(k, Tensor.Ones([1, 2, 270, 1]), options).ToArray());
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public void ScaledDotProductAttention_AnyThreadCount_GivesTheSameBits(int threads)
    {
        float[][] Run(int count)
        {
            using PoolThreads _ = new(count);
            RandomSource random = new(6);
            Tensor q = Tensor.Normal([3, 4, 100, 16], 0f, 1f, random), k = Tensor.Normal([3, 2, 100, 16], 0f, 1f, random), v = Tensor.Normal([3, 2, 100, 16], 0f, 1f, random);
            return Gradients([q, k, v], Tensor.Normal([3, 4, 100, 16], 0f, 1f, random), x => x[0].ScaledDotProductAttention(x[1], x[2], new AttentionOptions { Causal = true }));
        }

        Assert.Equal(Run(1), Run(threads));
    }

    [Fact]
    public void ScaledDotProductAttention_SizesThatDoNotFit_AreNamed()
    {
        Tensor q = Tensor.Zeros([1, 2, 3, 4]);
        Assert.Equal(
            "ScaledDotProductAttention: expected queries (batch, heads, queries, size), keys (batch, key heads, keys, size) and values (batch, key heads, keys, value size), got (1, 2, 3, 4), (1, 2, 3, 5) and (1, 2, 3, 4).",
            Assert.Throws<ShapeException>(() => q.ScaledDotProductAttention(Tensor.Zeros([1, 2, 3, 5]), q)).Message);
        Assert.Throws<ShapeException>(() => q.ScaledDotProductAttention(q, q, new AttentionOptions { Mask = Tensor.Zeros([2, 3]) }));
        Assert.Throws<ShapeException>(() => q.ScaledDotProductAttention(q, q, new AttentionOptions { KeyLengths = (int[])[1, 2] }));
        Assert.Throws<ArgumentOutOfRangeException>(() => q.ScaledDotProductAttention(q, q, new AttentionOptions { DropoutRate = 0.1f }));
    }

    private static Tensor Formula(Tensor q, Tensor k, Tensor v, Tensor mask, float scale)
    {
        int group = q.Shape[1] / k.Shape[1];
        Tensor scores = (q.MatMul(Repeat(k, group), transposeRight: true) * scale) + mask;
        return scores.Softmax().MatMul(Repeat(v, group));
    }

    private static Tensor Repeat(Tensor x, int group) => group == 1
        ? x
        : (x.Reshape([x.Shape[0], x.Shape[1], 1, x.Shape[2], x.Shape[3]]) * Tensor.Ones([1, 1, group, 1, 1])).Reshape([x.Shape[0], x.Shape[1] * group, x.Shape[2], x.Shape[3]]);

    // Far enough below any score that e^ of it is 0 in single precision, and finite.
    private static Tensor Hidden(int batch, int queries, int keys, bool causal, int[] lengths)
    {
        float[] mask = new float[batch * queries * keys];
        for (int i = 0; i < mask.Length; i++)
        {
            int key = i % keys, query = i / keys % queries, sample = i / keys / queries;
            mask[i] = (causal && key > query) || key >= lengths[sample] ? -1e9f : 0f;
        }

        return Tensor.Of(mask, [batch, 1, queries, keys]);
    }

    private static float[][] Gradients(Tensor[] inputs, Tensor upstream, Func<Tensor[], Tensor> compute)
    {
        Step.Begin(new PassContext(IsTraining: true));
        Tensor[] leaves = [.. inputs.Select(static x => x.WithGradient())];
        Tensor y = compute(leaves);
        (y * upstream).Sum().Backward();
        float[][] all = [y.ToArray(), .. leaves.Select(static x => x.Gradient.ToArray())];
        Step.End();
        return all;
    }

    // Both sides round; sums of up to 600 terms.
    private static void Close(float[][] expected, float[][] actual)
    {
        for (int i = 0; i < expected.Length; i++)
        {
            float largest = expected[i].Max(Math.Abs);
            Assert.True(expected[i].Zip(actual[i]).Max(p => Math.Abs(p.First - p.Second)) <= 2e-5f * largest, $"tensor {i}: {expected[i].Zip(actual[i]).Max(p => Math.Abs(p.First - p.Second))} of {largest}");
        }
    }
}
