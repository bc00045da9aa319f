using Pondus.Losses;
using Pondus.Networks;
using Pondus.Optimizers;
using Pondus.Tests.Support;
using Xunit;

namespace Pondus.Tests.Networks;

/// <summary>Steady training and generating allocate nothing; alone, since the pooled memory of inference is the process's.</summary>
[Collection(ProcessWide.Name)]
public sealed class TransformerMemoryTests
{
    private static readonly GptSettings s_small = new() { Vocabulary = 11, Context = 64, Layers = 2, Heads = 2, Width = 12 };

    [Theory]
    [InlineData(null, 1f)]
    [InlineData(5, 0.9f)]
    public void Next_SteadyState_AllocatesNothing(int? topK, float topP)
    {
        Generator generator = new(new Gpt(s_small, new RandomSource(1)), new GenerationSettings { TopK = topK, TopP = topP });
        generator.Append(1);
        for (int i = 0; i < 200; i++)
        {
            generator.Next();
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
        {
            generator.Next();
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(0.1f)]
    public void Gpt_SteadyTrainingStep_AllocatesNothing(float dropout)
    {
        Gpt network = new(s_small with { Dropout = dropout, Width = 32, Heads = 4 }, new RandomSource(1));
        AdamW optimizer = new(network.Parameters, new AdamWOptions());
        CrossEntropy loss = new();
        int[] tokens = [.. Enumerable.Range(0, 16 * 24).Select(static i => i * i % 11)];
        Tensor x = Tensor.Of(Array.ConvertAll(tokens, static t => (float)t), [16, 24]);
        long before = 0;
        for (int i = 0; i < 20; i++)
        {
            before = i == 10 ? GC.GetAllocatedBytesForCurrentThread() : before;
            Pondus.Step.Begin();
            loss.Forward(network.Forward(x), tokens).Backward();
            optimizer.Step();
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Pondus.Step.End();
    }
}
