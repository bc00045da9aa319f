using Pondus.Losses;
using Pondus.Tests.Support;
using Xunit;

namespace Pondus.Tests.Losses;

/// <summary>Every loss, one line each, goes through the battery.</summary>
public sealed class LossBatteryTests
{
    private static readonly LossCase[] s_all =
    [
        LossCase.OfValues("MeanSquaredError", static () => new MeanSquaredError(), Pair("MeanSquaredError")),
        LossCase.OfValues("MeanAbsoluteError", static () => new MeanAbsoluteError(), Pair("MeanAbsoluteError")),
        LossCase.OfValues("Huber", static () => new Huber(0.25f), Pair("Huber")),
        LossCase.OfValues("SmoothL1", static () => new SmoothL1(0.25f), Pair("SmoothL1")),
        LossCase.OfValues("BinaryCrossEntropy", static () => new BinaryCrossEntropy(2f), Pair("BinaryCrossEntropy")),
        LossCase.OfValues("BinaryCrossEntropyOnProbabilities", static () => new BinaryCrossEntropyOnProbabilities(), Pair("BinaryCrossEntropyOnProbabilities")),
        LossCase.OfValues("KullbackLeibler", static () => new KullbackLeibler(reduction: LossReduction.Mean), Pair("KullbackLeibler")),
        LossCase.OfValues("CrossEntropy-values", static () => new CrossEntropy(0.1f, [1f, 2f, 3f, 0.5f]), Pair("CrossEntropy")),
        LossCase.OfValues("Focal-values", static () => new Focal(), Pair("Focal")),
        LossCase.OfValues("Hinge-signs", static () => new Hinge(), Pair("Hinge"), signs: true),
        LossCase.OfValues("HingeEmbedding", static () => new HingeEmbedding(), Pair("HingeEmbedding"), signs: true),
        LossCase.OfValues("SoftMargin", static () => new SoftMargin(), Pair("SoftMargin"), signs: true),
        LossCase.OfValues("MultiLabelSoftMargin", static () => new MultiLabelSoftMargin([1f, 2f, 3f, 0.5f]), Pair("MultiLabelSoftMargin")),
        LossCase.OfValues("MultiLabelMargin", static () => new MultiLabelMargin(), Pair("MultiLabelMargin")),
        LossCase.OfValues("PoissonNegativeLogLikelihood", static () => new PoissonNegativeLogLikelihood(), Pair("PoissonNegativeLogLikelihood")),
        LossCase.OfValues("Psnr", static () => new Psnr(), "Psnr: expected pictures of one shape, got (4, 2, 12, 13) and (3, 2, 12, 13).", false, 4, 2, 12, 13),
        LossCase.OfValues("Ssim", static () => new Ssim(), "Ssim: expected pictures of one shape, got (4, 2, 12, 13) and (3, 2, 12, 13).", false, 4, 2, 12, 13),
        LossCase.OfValues("MultiScaleSsim", static () => new MultiScaleSsim(windowSize: 3), "MultiScaleSsim: expected pictures of one shape, got (2, 1, 48, 50) and (1, 1, 48, 50).", false, 2, 1, 48, 50),
        LossCase.OfClasses("CrossEntropy", static () => new CrossEntropy(0.1f), "CrossEntropy: expected one label for each row of the logits, got logits (6, 4) and 5 labels."),
        LossCase.OfClasses("CrossEntropy-sum", static () => new CrossEntropy(0.1f, [1f, 2f, 3f, 0.5f], LossReduction.BatchMean), Rows("CrossEntropy")),
        LossCase.OfClasses("NegativeLogLikelihood", static () => new NegativeLogLikelihood([1f, 2f, 3f, 0.5f]), Rows("NegativeLogLikelihood")),
        LossCase.OfClasses("Focal", static () => new Focal(), Rows("Focal")),
        LossCase.OfClasses("Hinge", static () => new Hinge(power: 2), Rows("Hinge")),
        new("GaussianNegativeLogLikelihood", static (x, s) => new GaussianNegativeLogLikelihood().Forward(x[0], x[1], LossCase.Values(s, false)), [6, 4], Pair("GaussianNegativeLogLikelihood")) { Inputs = 2 },
        new("CosineEmbedding", static (x, s) => new CosineEmbedding(-0.5f).Forward(x[0], x[1], LossCase.Values([s[0]], true)), [6, 4], "CosineEmbedding: expected one target for each vector of (6, 4), got (5).") { Inputs = 2 },
        new("MarginRanking", static (x, s) => new MarginRanking(1f).Forward(x[0], x[1], LossCase.Values(s, true)), [6, 4], Pair("MarginRanking")) { Inputs = 2 },
        new("Triplet", static (x, s) => new Triplet().Forward(x[0], x[1], LossCase.Values(s, false)), [6, 4], Pair("Triplet")) { Inputs = 2 },
        new("InfoNce", static (x, s) => new InfoNce(0.5f, symmetric: true).Forward(x[0], LossCase.Values(s, false)), [6, 4], Pair("InfoNce"), "InfoNce: expected at least one vector in shape (N, D), got (0, 4)."),
        new("NtXent", static (x, s) => new NtXent().Forward(x[0], LossCase.Values(s, false)), [6, 4], Pair("NtXent"), "NtXent: expected at least one vector in shape (N, D), got (0, 4)."),
        new("CtcLoss", static (x, s) => new CtcLoss(blank: 3).Forward(x[0].LogSoftmax(-1), LossCase.Labels(2 * s[0], 3), [], [.. Enumerable.Repeat(2, s[0])]), [6, 5, 4], "CtcLoss: expected lengths for 6 samples, got 0 of sequences and 5 of labels."),
    ];

    public static TheoryData<string> Cases => [.. s_all.Select(static one => one.Name)];

    [Fact]
    public void Library_PublicLosses_AllHaveACase() => Assert.Equal(
        typeof(Loss).Assembly.GetExportedTypes()
            .Where(static type => type.Namespace == typeof(Loss).Namespace && type.IsClass && !type.IsAbstract && type != typeof(WeightPenalty)).Select(static type => type.Name).Order(StringComparer.Ordinal),
        s_all.Select(static one => one.Name.Split('-')[0]).Distinct().Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Cases))]
    public void Backward_Prediction_GivesTheSlope(string name) => LossBattery.Gradient(Case(name));

    [Theory]
    [MemberData(nameof(Cases))]
    public void Forward_TargetsOfAnotherShape_NamesBoth(string name) => LossBattery.WrongShape(Case(name));

    [Theory]
    [MemberData(nameof(Cases))]
    public void Forward_NoSamples_IsNaNOrSaysSo(string name) => LossBattery.EmptyBatch(Case(name));

    [Theory]
    [MemberData(nameof(Cases))]
    public void Backward_AnyNumberOfThreads_GivesTheSameBits(string name) => LossBattery.Threads(Case(name));

    [Fact]
    public void Forward_WrongLabelsAndWeights_AreNamed()
    {
        Tensor x = Tensor.Zeros([2, 3]);
        Assert.Equal("NegativeLogLikelihood: expected labels in [0, 3), got 3 at row 1. Count the classes of the data.", Message(() => new NegativeLogLikelihood().Forward(x, new[] { 0, 3 })));
        Assert.Equal("Focal: expected 3 class weights for prediction (2, 3), got 2.", Message(() => new Focal(classWeights: [1f, 2f]).Forward(x, new[] { 0, 1 })));
        Assert.Equal("Hinge: expected labels in [0, 3), got -100 at row 0. Count the classes of the data.", Message(() => new Hinge().Forward(x, new[] { -100, 1 })));
    }

    [Fact]
    public void Constructor_SettingsOutsideTheirRange_AreNamed()
    {
        (Func<object> Make, string Message)[] all =
        [
            (static () => new Focal(gamma: -1f), "Focal: expected gamma of at least 0, got -1."),
            (static () => new Focal(alpha: 1.5f), "Focal: expected alpha in [0, 1], got 1.5."),
            (static () => new Hinge(power: 3), "Hinge: expected a power of 1 or 2, got 3."),
            (static () => new Hinge(classWeights: [-1f]), "Hinge: expected finite class weights of at least 0, got -1."),
            (static () => new SmoothL1(-1f), "SmoothL1: expected beta of at least 0, got -1."),
            (static () => new InfoNce(0f), "InfoNce: expected temperature above 0, got 0."),
            (static () => new CosineEmbedding(2f), "CosineEmbedding: expected margin in [-1, 1], got 2."),
            (static () => new Ssim(windowSize: 10), "Ssim: expected an odd window size in [3, 63], got 10."),
            (static () => new Ssim(-1f), "Ssim: expected dataRange above 0, got -1."),
            (static () => new Triplet(float.NaN), "Triplet: expected margin above 0, got NaN."),
        ];
        Assert.All(all, static one => Assert.StartsWith(one.Message, Assert.Throws<ArgumentOutOfRangeException>(one.Make).Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Backward_SteadySteps_AllocateNothing()
    {
        Tensor x = Tensor.Uniform([6, 4], 0.05f, 0.95f, new RandomSource(1)), values = LossCase.Values([6, 4], signs: false), pictures = LossCase.Values([2, 1, 48, 48], signs: false);
        int[] labels = LossCase.Labels(6, 4);
        InfoNce infoNce = new();
        Triplet triplet = new();
        (Loss Loss, Tensor X, Targets Targets)[] all =
        [
            (new CrossEntropy(0.1f, [1f, 2f, 3f, 4f]), x, values), (new CrossEntropy(0.1f, [1f, 2f, 3f, 4f], LossReduction.Sum), x, labels), (new Focal(), x, values), (new Focal(classWeights: [1f, 2f, 3f, 4f]), x, labels),
            (new Hinge(), x, labels), (new KullbackLeibler(), x, values), (new NegativeLogLikelihood(), x, labels), (new SmoothL1(0.5f), x, values), (new MultiLabelMargin(), x, values),
            (new PoissonNegativeLogLikelihood(full: true), x, values), (new Ssim(), pictures, LossCase.Values([2, 1, 48, 48], true)), (new MultiScaleSsim(windowSize: 3), pictures, LossCase.Values([2, 1, 48, 48], true)), (new Psnr(), pictures, LossCase.Values([2, 1, 48, 48], true)),
        ];
        foreach ((Loss loss, Tensor prediction, Targets targets) in all)
        {
            long bytes = BytesOf(() => loss.Forward(prediction.WithGradient(), targets));
            Assert.True(bytes == 0, $"{loss}: expected no allocation, got {bytes} bytes");
        }

        Assert.Equal(0, BytesOf(() => infoNce.Forward(x.WithGradient(), values)));
        Assert.Equal(0, BytesOf(() => triplet.Forward(x.WithGradient(), values, values)));
    }

    private static long BytesOf(Func<Tensor> compute)
    {
        long least = long.MaxValue;
        for (int i = 0; i < 8; i++)
        {
            Step.Begin();
            long start = GC.GetAllocatedBytesForCurrentThread();
            compute().Backward();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - start);
            Step.End();
        }

        return least;
    }

    private static string Message(Action action) => Assert.Throws<ShapeException>(action).Message;

    private static string Pair(string who) => $"{who}: expected prediction and target of one shape, got (6, 4) and (5, 4).";

    private static string Rows(string who) => $"{who}: expected one label for each row of the prediction, got prediction (6, 4) and 5 labels.";

    private static LossCase Case(string name) => s_all.Single(one => one.Name == name);

    [Fact]
    public void MultiLabelMargin_NoClasses_AreRefused() => Assert.Equal(
        "MultiLabelMargin: expected scores of shape (..., classes), got (5, 0).",
        Assert.Throws<ShapeException>(static () => new MultiLabelMargin().Forward(Tensor.Zeros([5, 0]), Tensor.Zeros([5, 0]))).Message);
}
