using Pondus.Data;
using Pondus.Layers;
using Pondus.Losses;
using Pondus.Metrics;
using Pondus.Optimizers;
using Pondus.Tests.Support;
using Pondus.Training;
using Xunit;

namespace Pondus.Tests.Autograd;

/// <summary>Loops keep memory flat; a steady step allocates nothing in the whole process.</summary>
[Collection(ProcessWideCollection.Name)]
public sealed class MemoryTests
{
    // What may remain of 100,000 forwards: a leak of one node each would be 20 MB.
    private const long FlatBytes = 2_000_000;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Forward_HundredThousandTimes_KeepsMemoryFlat(bool inference)
    {
        RandomSource random = new(1);
        Sequential model = new(new Linear(4, 8, random), new Tanh(), new Linear(8, 2, random), new Softmax());
        Tensor x = Tensor.Normal([2, 4], 0f, 1f, random);
        Run(1000);
        long before = GC.GetTotalMemory(forceFullCollection: true);
        Run(100_000);
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, FlatBytes);

        void Run(int count)
        {
            for (int i = 0; i < count; i++)
            {
                if (inference)
                {
                    Inference.Run((model, x), static state => { _ = state.model.Forward(state.x); });
                }
                else
                {
                    _ = model.Forward(x);
                }
            }
        }
    }

    [Fact]
    public void Run_InferenceManyTimes_AllocatesNothing()
    {
        RandomSource random = new(1);
        Sequential model = new(new Linear(4, 8, random), new Relu(), new Linear(8, 2, random));
        Tensor x = Tensor.Normal([2, 4], 0f, 1f, random);
        long least = long.MaxValue;
        for (int window = 0; window < 5 && least > 0; window++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 1000; i++)
            {
                Inference.Run((model, x), static state => { _ = state.model.Forward(state.x); });
            }

            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, least);
    }

    [Theory]
    [InlineData("Sgd")]
    [InlineData("Adam")]
    public void Fit_ThousandSteadySteps_AllocatesNothing(string kind)
    {
        RandomSource random = new(1);
        Dataset data = TrainingData.Clusters(samples: 16_000, inputs: 10, classes: 4);
        Sequential model = new(new Linear(10, 32, random), new Relu(), new Dropout(0.1f, random), new Linear(32, 16, random), new Gelu(), new Linear(16, 4, random));
        Optimizer optimizer = kind == "Sgd" ? new Sgd(model.Parameters, new SgdOptions(0.05f, Momentum: 0.9f)) : new Adam(model.Parameters, new AdamOptions());
        Trainer trainer = new(model, new CrossEntropy(), optimizer, new TrainerOptions { BatchSize = 8, Epochs = 4, Shuffle = true, GradientClipNorm = 1, L2 = 1e-5f, Schedule = new Pondus.Schedules.CosineDecay(8000) }, new Accuracy());
        // 2,000 steps an epoch: each window of 1,000 lies within one.
        AllocationObserver counter = new(first: 200, length: 1000, period: 2000);
        trainer.Fit(data, observers: [counter]);
        Assert.Equal(4, counter.Bytes.Count);
        // The test runner's own threads may allocate at any moment: one clean window shows that the steps do not.
        Assert.Equal(0, counter.Bytes.Min());
    }

    /// <summary>Reads the process's counter at the begin and end of windows of steps.</summary>
    private sealed class AllocationObserver(long first, long length, long period) : ITrainingObserver
    {
        private long _before;

        public List<long> Bytes { get; } = new(16);

        public void OnStep(Trainer trainer, in StepReport report)
        {
            long at = report.Step % period;
            if (at == first)
            {
                _before = GC.GetTotalAllocatedBytes(precise: true);
            }
            else if (at == first + length)
            {
                Bytes.Add(GC.GetTotalAllocatedBytes(precise: true) - _before);
            }
        }
    }
}
