using Pondus.Data;
using Pondus.Tests.Support;
using Xunit;

namespace Pondus.Tests.Data;

/// <summary>Gathering ahead of time must not change what comes, nor its order.</summary>
[Collection(ProcessWide.Name)]
public sealed class BatchLoaderPrefetchTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void Next_WithPrefetch_GivesTheSameBatches(int threads)
    {
        using PoolThreads _ = new(threads);
        Dataset data = TrainingData.Line(1000);
        BatchLoader plain = new(data, 64, new RandomSource(5)), ahead = new(data, 64, new RandomSource(5), prefetch: true);
        for (int i = 0; i < 100; i++)
        {
            Batch expected = plain.Next(), actual = ahead.Next();
            Assert.Equal(expected.Indices, actual.Indices);
            Assert.Equal(expected.Inputs.Values, actual.Inputs.Values);
            Assert.Equal(expected.Targets.Values, actual.Targets.Values);
            if (i == 40)
            {
                plain.Seek(7, 3);
                ahead.Seek(7, 3);
            }
        }
    }
}
