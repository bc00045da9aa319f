using Pondus.Metrics;

namespace Pondus.Experiments;

/// <summary>The metrics that a file can ask for.</summary>
public static class MetricNames
{
    private static readonly (string Name, Func<LossSettings, Metric> Make)[] s_classes =
    [
        ("Accuracy", static _ => new Accuracy()),
        ("BalancedAccuracy", static _ => new BalancedAccuracy()),
        ("Top2Accuracy", static l => new TopKAccuracy(2, FormOf(l))),
        ("Top3Accuracy", static l => new TopKAccuracy(3, FormOf(l))),
        ("Top5Accuracy", static l => new TopKAccuracy(5, FormOf(l))),
        ("Precision", static _ => new Precision()),
        ("Recall", static _ => new Recall()),
        ("F1", static _ => new FBeta()),
        ("PrecisionWeighted", static _ => new Precision(Averaging.Weighted)),
        ("RecallWeighted", static _ => new Recall(Averaging.Weighted)),
        ("F1Weighted", static _ => new FBeta(1, Averaging.Weighted)),
        ("Jaccard", static _ => new Jaccard()),
        ("MatthewsCorrelation", static _ => new MatthewsCorrelation()),
        ("CohenKappa", static _ => new CohenKappa()),
        ("RocAuc", static l => new RocAuc(form: FormOf(l))),
        ("AveragePrecision", static l => new AveragePrecision(form: FormOf(l))),
        ("BrierScore", static l => new BrierScore(FormOf(l))),
        ("LogLoss", static l => new LogLoss(FormOf(l))),
        ("CalibrationError", static l => new CalibrationError(form: FormOf(l))),
        ("Perplexity", static _ => new Perplexity()),
    ];

    private static readonly (string Name, Func<LossSettings, Metric> Make)[] s_numbers =
    [
        ("MeanAbsoluteError", static _ => new MeanAbsoluteError()),
        ("MeanSquaredError", static _ => new RootMeanSquaredError(squared: true)),
        ("RootMeanSquaredError", static _ => new RootMeanSquaredError()),
        ("RSquared", static _ => new RSquared()),
        ("ExplainedVariance", static _ => new ExplainedVariance()),
        ("MedianAbsoluteError", static _ => new MedianAbsoluteError()),
        ("MeanAbsolutePercentageError", static _ => new MeanAbsolutePercentageError()),
        ("Ssim", static l => new Ssim((float)l.DataRange)),
        ("MultiScaleSsim", static l => new MultiScaleSsim((float)l.DataRange)),
        ("Psnr", static l => new Psnr((float)l.DataRange)),
    ];

    /// <summary>Gets the names of metrics for a loss that learns classes.</summary>
    public static IReadOnlyList<string> ForClasses { get; } = [.. s_classes.Select(static m => m.Name)];

    /// <summary>Gets the names of metrics for a loss that learns numbers.</summary>
    public static IReadOnlyList<string> ForNumbers { get; } = [.. s_numbers.Select(static m => m.Name)];

    /// <summary>Gets all names.</summary>
    public static IReadOnlyList<string> All { get; } = [.. ForClasses, .. ForNumbers];

    /// <summary>Makes the metrics that are named, or those that fit the loss.</summary>
    internal static IReadOnlyList<Metric> Build(IReadOnlyList<string> names, LossSettings loss)
    {
        bool classes = loss.Task != LossTask.Numbers;
        IReadOnlyList<string> known = classes ? ForClasses : ForNumbers, asked = names.Count > 0 ? names : classes ? ["Accuracy"] : ["MeanAbsoluteError", "RSquared"];
        if (asked.FirstOrDefault(name => !known.Contains(name, StringComparer.Ordinal)) is { } wrong)
        {
            throw new ExperimentException("metrics", $"metrics of {(classes ? "classes such as Accuracy, since classes" : "numbers such as MeanAbsoluteError, since numbers")} are learned", wrong);
        }

        if (asked.FirstOrDefault(name => name == "Perplexity" && loss.Task != LossTask.Classes) is { } alone)
        {
            throw new ExperimentException("metrics", $"a metric for one output, since {loss.Type} has one", alone);
        }

        return [.. asked.Distinct(StringComparer.Ordinal).Select(name => (classes ? s_classes : s_numbers).Single(m => m.Name == name).Make(loss))];
    }

    private static OutputForm FormOf(LossSettings loss) => loss.Type == "NegativeLogLikelihood" ? OutputForm.LogProbabilities : OutputForm.Logits;
}
