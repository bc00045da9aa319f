using Pondus.Metrics;
using Xunit;

namespace Pondus.Tests.Metrics;

/// <summary>Metrics of a network's outputs, batch by batch.</summary>
public sealed class MetricCatalogueTests
{
    private static readonly Func<Metric>[] s_all =
    [
        static () => new Accuracy(), static () => new BalancedAccuracy(), static () => new Precision(), static () => new Recall(), static () => new FBeta(), static () => new FBeta(2, Averaging.Weighted),
        static () => new Jaccard(), static () => new MatthewsCorrelation(), static () => new CohenKappa(), static () => new TopKAccuracy(2), static () => new LogLoss(), static () => new BrierScore(),
        static () => new CalibrationError(), static () => new Perplexity(), static () => new RocAuc(), static () => new AveragePrecision(),
        static () => new MeanAbsoluteError(), static () => new RootMeanSquaredError(), static () => new RSquared(), static () => new MedianAbsoluteError(), static () => new MeanAbsolutePercentageError(), static () => new ExplainedVariance(),
        static () => new Psnr(), static () => new Ssim(windowSize: 3), static () => new MultiScaleSsim(windowSize: 3),
    ];

    public static TheoryData<int> All => [.. Enumerable.Range(0, s_all.Length)];

    [Fact]
    public void Library_PublicMetrics_AllAreTested() => Assert.Equal(
        typeof(Metric).Assembly.GetExportedTypes().Where(static t => t.IsSubclassOf(typeof(Metric)) && !t.IsAbstract).Select(static t => t.Name).Order(StringComparer.Ordinal),
        s_all.Select(static make => make().GetType().Name).Distinct().Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(All))]
    public void Value_NoSamples_IsNaN(int index) => Assert.True(double.IsNaN(s_all[index]().Value));

    [Theory]
    [MemberData(nameof(All))]
    public void Add_TwoBatches_IsTheSameAsOne(int index)
    {
        Metric whole = s_all[index](), parts = s_all[index]();
        AddSamples(whole, 0, 6);
        AddSamples(parts, 0, 2);
        AddSamples(parts, 2, 4);
        Assert.True(double.IsFinite(whole.Value));
        Assert.Equal(whole.Value, parts.Value, 1e-12);
        double before = parts.Value;
        parts.Reset();
        Assert.True(double.IsNaN(parts.Value));
        AddSamples(parts, 0, 6);
        Assert.Equal(before, parts.Value, 1e-12);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Restore_Sums_GivesTheValueAgain(int index)
    {
        Metric first = s_all[index](), second = s_all[index]();
        AddSamples(first, 0, 3);
        double[] sums = first.Sums.ToArray();
        Assert.True(second.Accepts(sums.Length));
        second.Restore(sums);
        Assert.Equal(first.Value, second.Value);
        AddSamples(first, 3, 3);
        AddSamples(second, 3, 3);
        Assert.Equal(first.Value, second.Value);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Add_WrongCount_IsRefused(int index)
    {
        Metric metric = s_all[index]();
        Assert.Throws<ShapeException>(() =>
        {
            if (TakesClasses(metric))
            {
                metric.Add(Tensor.Zeros([3, 4]), [1, 2], default);
            }
            else
            {
                metric.Add(Tensor.Zeros([2, 1, 50, 50]), [], Tensor.Zeros([1, 1, 50, 50]));
            }
        });
    }

    [Fact]
    public void Add_OutputsThatAreNoNumbers_AreRefused()
    {
        foreach (Metric metric in s_all.Select(static make => make()).Where(static m => m is ConfusionMetric or ProbabilityMetric))
        {
            Assert.Throws<ArgumentException>(() => metric.Add(Tensor.Of([1f, float.NaN, 2f], [1, 3]), [0], default));
            Assert.Throws<ArgumentException>(() => metric.Add(Tensor.Of([1f, float.PositiveInfinity, 2f], [1, 3]), [0], default));
        }
    }

    [Fact]
    public void Add_IgnoredLabels_DoNotCount()
    {
        foreach (Metric metric in s_all.Select(static make => make()).Where(TakesClasses))
        {
            metric.Add(Tensor.Of([1f, 0f, 2f, 5f, -3f, 1f], [2, 3]), [-100, -100], default);
            Assert.True(double.IsNaN(metric.Value), metric.Name);
        }
    }

    [Fact]
    public void RocAuc_YesOrNo_IsTheShareOfPairsInOrder()
    {
        // Positives 3 and 1, negatives 2 and 0: three of four pairs are in order.
        Tensor logits = Tensor.Of([3f, 1f, 2f, 0f], [4, 1]);
        RocAuc one = new(), values = new(), two = new();
        one.Add(logits, [1, 1, 0, 0], default);
        values.Add(logits, [], Tensor.Of([1f, 1f, 0f, 0f], [4, 1]));
        two.Add(Tensor.Of([0f, 3f, 0f, 1f, 0f, 2f, 0f, 0f], [4, 2]), [1, 1, 0, 0], default);
        Assert.Equal([0.75, 0.75, 0.75], [one.Value, values.Value, two.Value]);
    }

    [Fact]
    public void RocAuc_LogitsBeyondTheLogisticFunction_KeepTheirOrder()
    {
        RocAuc metric = new();
        metric.Add(Tensor.Of([60f, 50f, 40f], [3, 1]), [1, 0, 0], default);
        Assert.Equal(1, metric.Value);
    }

    [Fact]
    public void LogLoss_LogitsOfThreeForms_Agree()
    {
        Tensor logits = Tensor.Of([1f, 2f, 0.5f, -1f, 0f, 3f], [2, 3]);
        LogLoss a = new(), b = new(OutputForm.LogProbabilities), c = new(OutputForm.Probabilities);
        a.Add(logits, [1, 2], default);
        b.Add(logits.LogSoftmax(), [1, 2], default);
        c.Add(logits.Softmax(), [1, 2], default);
        // log(e + e^2 + e^0.5) - 2 and log(e^-1 + 1 + e^3) - 3
        double expected = (Math.Log(Math.E + Math.Exp(2) + Math.Exp(0.5)) - 2 + Math.Log(Math.Exp(-1) + 1 + Math.Exp(3)) - 3) / 2;
        Assert.Equal(expected, a.Value, 1e-12);
        Assert.Equal(expected, b.Value, 1e-6);
        Assert.Equal(expected, c.Value, 1e-6);
        Perplexity perplexity = new();
        perplexity.Add(logits, [1, 2], default);
        Assert.Equal(Math.Exp(expected), perplexity.Value, 1e-12);
    }

    [Fact]
    public void ConfusionMatrix_Printed_IsATable()
    {
        ConfusionMatrix matrix = ConfusionMatrix.Of([0, 0, 1, 2, 2, 2], [0, 1, 1, 2, 2, 0], 3);
        Assert.Equal("true \\ predicted  0  1  2\n0                 1  1  0\n1                 0  1  0\n2                 1  0  2", matrix.ToString());
        Assert.Equal("true \\ predicted  cat  dog    2\ncat                 1    1    0\ndog                 0    1    0\n2                   1    0    2", matrix.ToString(["cat", "dog"]));
    }

    [Fact]
    public void ConfusionMatrix_BinaryOfThree_SaysWhatToDo() => Assert.Equal(
        "ConfusionMatrix: expected two classes for Averaging.Binary, got 3. Choose another averaging.",
        Assert.Throws<InvalidOperationException>(() => ConfusionMatrix.Of([0], [2], 3).Precision(Averaging.Binary)).Message);

    private static bool TakesClasses(Metric metric) => metric is ConfusionMetric or ProbabilityMetric or Accuracy or Perplexity;

    private static void AddSamples(Metric metric, int first, int count)
    {
        if (TakesClasses(metric))
        {
            float[] logits = [2f, 1f, -1f, 0.5f, 0f, 1f, 0.25f, 2f, -2f, 1f, 1.5f, 0f, 0f, 0.5f, 3f, 1f, 0f, -1f];
            int[] labels = [0, 1, 1, 2, 2, 0];
            metric.Add(Tensor.Of(logits.AsSpan(3 * first, 3 * count), [count, 3]), labels.AsSpan(first, count), default);
            return;
        }

        Tensor p = Tensor.Uniform([6, 1, 50, 50], 0.1f, 1f, new RandomSource(1)), t = Tensor.Uniform([6, 1, 50, 50], 0.1f, 1f, new RandomSource(2));
        metric.Add(p.Slice(0, first, count), [], t.Slice(0, first, count));
    }
}
