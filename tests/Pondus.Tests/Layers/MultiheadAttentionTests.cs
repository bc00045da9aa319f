using Pondus.Layers;
using Xunit;

namespace Pondus.Tests.Layers;

public sealed class MultiheadAttentionTests
{
    [Theory]
    [InlineData(RotaryPositions.None, 2)]
    [InlineData(RotaryPositions.Halves, 4)]
    [InlineData(RotaryPositions.Interleaved, 1)]
    public void Forward_TokenByTokenWithACache_GivesWhatAFullPassGives(RotaryPositions rotary, int keyHeads)
    {
        RandomSource random = new(1);
        MultiheadAttention layer = new(16, 4, random, new AttentionSettings { Causal = true, Rotary = rotary, KeyHeads = keyHeads });
        Tensor x = Tensor.Normal([2, 40, 16], 0f, 1f, random);
        float[] full = layer.Forward(x).ToArray();
        KeyValueCache cache = new(2, keyHeads, 40, 4);
        (int First, int Count)[] parts = [(0, 20), (20, 1), (21, 1), (22, 17), (39, 1)];
        foreach ((int first, int count) in parts)
        {
            float[] y = Inference.Run((layer, x, cache, first, count), static s => s.layer.Forward(s.x.Slice(1, s.first, s.count), s.cache).ToArray());
            for (int i = 0; i < y.Length; i++)
            {
                int sample = i / (count * 16), rest = i % (count * 16);
                Assert.Equal(full[(((sample * 40) + first) * 16) + rest], y[i], 1e-5f);
            }
        }

        Assert.Equal(40, cache.Length);
        Assert.Throws<ShapeException>(() => Inference.Run((layer, x, cache), static s => s.layer.Forward(s.x.Slice(1, 0, 1), s.cache).ToArray()));
    }

    [Fact]
    public void Forward_RotaryPositions_DependsOnDistancesAlone()
    {
        RandomSource random = new(2);
        MultiheadAttention layer = new(8, 2, random, new AttentionSettings { Causal = true, Rotary = RotaryPositions.Halves });

        // The window of two tokens behind a third is hidden from by a mask: its place differs, the distance within it does not.
        Tensor x = Tensor.Normal([1, 3, 8], 0f, 1f, random);
        float hide = float.NegativeInfinity;
        Tensor mask = Tensor.Of([0f, 0f, 0f, hide, 0f, 0f, hide, 0f, 0f], [3, 3]);
        float[] behind = layer.Forward(x, new AttentionOptions { Mask = mask }).ToArray()[8..], first = layer.Forward(x.Slice(1, 1, 2)).ToArray();
        Assert.All(behind.Zip(first), static pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
    }

    [Fact]
    public void Forward_InferenceAfterTheWeightsChanged_UsesTheNewOnes()
    {
        RandomSource random = new(3);
        MultiheadAttention layer = new(4, 2, random);
        Tensor x = Tensor.Normal([1, 3, 4], 0f, 1f, random);
        float[] Run() => Inference.Run((layer, x), static s => s.layer.Forward(s.x).ToArray());
        float[] before = Run();
        layer.Parameters.First().Set(Tensor.Normal([12, 4], 0f, 1f, random).Values);
        float[] after = Run();
        Assert.NotEqual(before, after);
        Assert.Equal(layer.Forward(x).ToArray(), after);
    }

    [Theory]
    [InlineData(10, 3, null)]
    [InlineData(12, 4, 3)]
    [InlineData(0, 1, null)]
    public void Constructor_SizesThatDoNotFit_AreRefused(int width, int heads, int? keyHeads) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new MultiheadAttention(width, heads, new RandomSource(1), new AttentionSettings { KeyHeads = keyHeads }));

    [Fact]
    public void SinusoidalPositions_FirstPlaces_AreTheFormulas()
    {
        float[] y = new SinusoidalPositions(3, 4).Forward(Tensor.Zeros([1, 2, 4])).ToArray();
        // Place 1: sin 1, cos 1, then with the angle divided by 10000^(2/4) = 100.
        float[] expected = [0f, 1f, 0f, 1f, MathF.Sin(1f), MathF.Cos(1f), MathF.Sin(0.01f), MathF.Cos(0.01f)];
        Assert.All(expected.Zip(y), static pair => Assert.Equal(pair.First, pair.Second, 1e-6f));
    }
}
