using Pondus.Data;
using Pondus.Data.Augmentations;
using Pondus.Layers;
using Pondus.Losses;
using Pondus.Optimizers;
using Pondus.Tests.Support;
using Pondus.Tests.Training;
using Pondus.Training;
using Xunit;

namespace Pondus.Tests.Data.Augmentations;

/// <summary>Augmented batches: a sample's bits depend on seed, epoch and sample alone.</summary>
[Collection(ProcessWide.Name)]
public sealed class AugmenterTests
{
    private static readonly Augmenter s_all = new(
        [new RandomCrop(2), new HorizontalFlip(), new VerticalFlip(), new RandomAffine(20f, 0.1f, 0.2f, 10f), new Erase(), new Noise(), new Brightness(), new Contrast()],
        [new Cutmix(1f, 0.3f), new Mixup(0.4f, 0.5f)]);

    [Theory]
    [InlineData(1, 64, false)]
    [InlineData(2, 64, true)]
    [InlineData(4, 64, false)]
    [InlineData(4, 7, true)]
    [InlineData(2, 1000, false)]
    public void Next_AnyThreadsBatchSizeAndPrefetch_GivesEachSampleTheSameBits(int threads, int batchSize, bool prefetch)
    {
        Dataset data = Pictures(300);
        Dictionary<(long Epoch, int Sample), float[]> expected = [];
        using (PoolThreads one = new(1))
        {
            BatchLoader plain = new(data, 50, new RandomSource(5), augmenter: s_all);
            Collect(plain, 18, expected);
        }

        using PoolThreads many = new(threads);
        Dictionary<(long Epoch, int Sample), float[]> actual = [];
        BatchLoader loader = new(data, batchSize, new RandomSource(5), prefetch: prefetch, augmenter: s_all);
        loader.Seek(1, 0);
        Collect(loader, 2 * loader.BatchCount, actual);
        Assert.Equal(600, actual.Count);
        Assert.All(actual, pair => Assert.Equal(expected[pair.Key], pair.Value));
        Assert.NotEqual(expected[(1, 3)], expected[(2, 3)]);
    }

    [Fact]
    public void Next_OtherSeed_GivesOtherSamples()
    {
        Dictionary<(long Epoch, int Sample), float[]> first = [], second = [];
        Collect(new BatchLoader(Pictures(64), 64, new RandomSource(5), augmenter: s_all), 1, first);
        Collect(new BatchLoader(Pictures(64), 64, new RandomSource(6), augmenter: s_all), 1, second);
        Assert.All(first, pair => Assert.NotEqual(pair.Value, second[pair.Key]));
    }

    [Fact]
    public void Next_MixedClasses_ComeAsProbabilitiesOfTheSameShares()
    {
        // Sample i is filled with i: with a partner j and a share s each value is s i + (1 - s) j, and the target s at i, 1 - s at j.
        const int count = 40;
        Dataset data = new([.. Enumerable.Range(0, count).SelectMany(i => Enumerable.Repeat((float)i, 6))], [1, 2, 3], [.. Enumerable.Range(0, count)], [.. Enumerable.Range(0, count).Select(i => $"{i}")]);
        BatchLoader loader = new(data, 16, new RandomSource(3), augmenter: new Augmenter([], [new Mixup(1f, 0.75f)]));
        int mixed = 0;
        for (int batchIndex = 0; batchIndex < 60; batchIndex++)
        {
            Batch batch = loader.Next();
            Assert.True(batch.HasLabels && batch.HasTargets);
            ReadOnlySpan<float> inputs = batch.Inputs.Values, targets = batch.Targets.Values;
            for (int i = 0; i < batch.Count; i++)
            {
                ReadOnlySpan<float> target = targets.Slice(i * count, count);
                double value = 0, sum = 0;
                int largest = 0;
                for (int j = 0; j < count; j++)
                {
                    value += (double)target[j] * j;
                    sum += target[j];
                    largest = target[j] > target[largest] ? j : largest;
                }

                Assert.Equal(1, sum, 1e-6);
                Assert.Equal(value, inputs[i * 6], 1e-4);
                Assert.Equal(value, inputs[(i * 6) + 5], 1e-4);
                Assert.True(target[batch.Indices[i]] > 0f || target[largest] > 0.99f);
                Assert.Equal(target[largest], target[batch.Labels.Span[i]]);
                mixed += target[batch.Indices[i]] < 1f ? 1 : 0;
            }
        }

        // 20 epochs of 40 samples: 800, of which 600 are mixed, a few of them with themselves; the deviation is 12.
        Assert.InRange(mixed, 530, 650);
    }

    [Fact]
    public void Next_StandardizedPictures_AreBlackOutside()
    {
        // (0 - 0.5) / 0.25 = -2.
        Dataset data = new(new float[9], [1, 3, 3], [0f], [1]);
        Standardizer standardizer = new([0.5f], [0.25f]);
        BatchLoader loader = new(standardizer.Apply(data), 1, new RandomSource(1), augmenter: new Augmenter([new RandomCrop(3)], standardizer: standardizer));
        for (int i = 0; i < 10; i++)
        {
            Assert.All(loader.Next().Inputs.ToArray(), v => Assert.Equal(-2f, v));
        }
    }

    [Fact]
    public void Next_SamplesThatAreNoPictures_AreRefusedWherePicturesAreNeeded()
    {
        Dataset table = new(new float[8], [4], [0f, 1f], [1]);
        Assert.Equal(
            "Augmenter: expected pictures of (channels, height, width) or (height, width), got samples of (4).",
            Assert.Throws<ShapeException>(() => new BatchLoader(table, 2, new RandomSource(1), augmenter: new Augmenter([new HorizontalFlip()]))).Message);
        _ = new BatchLoader(table, 2, new RandomSource(1), augmenter: new Augmenter([new Noise()], [new Mixup()])).Next();
    }

    [Fact]
    public void Next_ManyBatches_AllocatesNothing()
    {
        using PoolThreads two = new(2);
        BatchLoader loader = new(Pictures(300), 64, new RandomSource(5), augmenter: s_all);
        for (int i = 0; i < 50; i++)
        {
            loader.Next();
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
        {
            loader.Next();
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Fit_InterruptedAndContinued_GivesTheBitsOfAnUninterruptedRun()
    {
        using TestFolder folder = new();
        Trainer whole = Make(seed: 1);
        whole.Fit(Pictures(100));
        for (int cut = 0; cut < 14; cut += 3)
        {
            using CancellationTokenSource source = new();
            int step = cut;
            Trainer first = Make(seed: 1);
            first.Fit(Pictures(100), observers: [new Recorder((_, report) =>
            {
                if (report.Step == step)
                {
                    source.Cancel();
                }
            })], cancellationToken: source.Token);
            TrainingState.Save(first, folder.File("state"));
            Trainer second = Make(seed: 9);
            TrainingState.Load(second, folder.File("state"));
            second.Fit(Pictures(100));
            Assert.Equal(ModuleWeights.Digest(whole.Model), ModuleWeights.Digest(second.Model));
        }
    }

    private static Trainer Make(ulong seed)
    {
        Sequential model = new(new Flatten(), new Linear(48, 1, new RandomSource(seed)));
        return new Trainer(model, new MeanSquaredError(), new Sgd(model.Parameters, new SgdOptions(0.001f)), new TrainerOptions { Epochs = 2, BatchSize = 15, Augmenter = s_all });
    }

    private static Dataset Pictures(int count)
    {
        float[] inputs = new float[count * 48], targets = new float[count];
        new RandomSource(4).FillUniform(inputs, 0f, 1f);
        new RandomSource(5).FillUniform(targets, 0f, 1f);
        return new Dataset(inputs, [3, 4, 4], targets, [1]);
    }

    private static void Collect(BatchLoader loader, int batches, Dictionary<(long Epoch, int Sample), float[]> into)
    {
        for (int i = 0; i < batches; i++)
        {
            long epoch = loader.Epoch;
            Batch batch = loader.Next();
            float[] inputs = batch.Inputs.ToArray(), targets = batch.Targets.ToArray();
            for (int j = 0; j < batch.Count; j++)
            {
                into.Add((epoch, batch.Indices[j]), [.. inputs.AsSpan(j * 48, 48), targets[j]]);
            }
        }
    }
}
