using System.Globalization;
using System.Text.Json;
using Pondus.Metrics;
using Pondus.Tests.Conventions;
using Pondus.Tests.Support;
using Xunit;

namespace Pondus.Tests.Metrics;

/// <summary>Metrics agree with scikit-learn: with drawn predictions (tools/golden/metrics.py), and with stored cases of degenerate labels.</summary>
public sealed class ScikitLearnTests
{
    // Both compute in double; sums are in another order.
    private const double Tolerance = 1e-9;

    // The stored value of torchmetrics is in single precision.
    private const double SingleTolerance = 1e-6;

    private static readonly string[] s_averages = ["macro", "micro", "weighted", "binary"];

    public static TheoryData<int> Drawn => [.. Enumerable.Range(0, LoadDrawn().Length)];

    [Theory]
    [MemberData(nameof(Drawn))]
    public void Of_DrawnPredictions_AgreesWithScikitLearn(int index)
    {
        JsonElement one = LoadDrawn()[index];
        string kind = one.GetProperty("kind").GetString()!;
        Func<string, double[]?> compute = kind switch
        {
            "classes" => Classes(one),
            "numbers" => Regression(one),
            _ => Scores(one),
        };
        CompareAll($"case {index}", one.GetProperty("values"), compute);
    }

    [Fact]
    public void Of_StoredDegenerateLabels_AgreesWithScikitLearn()
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(TestData.PathOf("fixtures/similarity/metrics.json")));
        int compared = 0;
        foreach (JsonElement one in document.RootElement.GetProperty("cases").EnumerateArray())
        {
            string name = one.GetProperty("case").GetString()!;
            Func<string, double[]?> compute = Stored(one);
            foreach (JsonProperty stored in one.GetProperty("sklearn").EnumerateObject())
            {
                if (stored.Value.TryGetProperty("error", out _))
                {
                    // scikit-learn refuses: so does Pondus, or it says that there is no value.
                    double[]? values = null;
                    Exception? error = Record.Exception(() => values = compute(stored.Name));
                    Assert.True(error is ArgumentException || values!.All(double.IsNaN), $"{name}, {stored.Name}: expected an ArgumentException or NaN, got {error?.ToString() ?? string.Join(", ", values!)}");
                }
                else
                {
                    Compare($"{name}, {stored.Name}", Flat(stored.Value.GetProperty("value")), compute(stored.Name)!, Tolerance);
                }

                compared++;
            }

            foreach (JsonProperty stored in one.GetProperty("torchmetrics").EnumerateObject().Where(static p => p.Name.StartsWith("ece", StringComparison.Ordinal)))
            {
                if (!name.EndsWith("nan", StringComparison.Ordinal) && !name.EndsWith("infinite", StringComparison.Ordinal))
                {
                    Compare($"{name}, {stored.Name}", Flat(stored.Value.GetProperty("value")), compute(stored.Name)!, SingleTolerance);
                    compared++;
                }
            }
        }

        Assert.True(compared > 200, $"expected more than 200 values, got {compared}");
    }

    private static JsonElement[] LoadDrawn()
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(Repository.PathOf("tests/Pondus.Tests/Golden/metrics.json")));
        return [.. document.RootElement.EnumerateArray().Select(static one => one.Clone())];
    }

    private static Func<string, double[]?> Classes(JsonElement one)
    {
        ConfusionMatrix matrix = ConfusionMatrix.Of(Integers(one, "labels"), Integers(one, "predicted"), one.GetProperty("classes").GetInt32(), Numbers(one, "weights"));
        return name => OfMatrix(matrix, name);
    }

    private static double[]? OfMatrix(ConfusionMatrix matrix, string name)
    {
        string[] parts = name.Split('-', '_');
        Averaging averaging = s_averages.Contains(parts[^1]) ? Enum.Parse<Averaging>(parts[^1], ignoreCase: true) : Averaging.Macro;
        int n = matrix.Classes;
        return name switch
        {
            "accuracy" => [matrix.Accuracy],
            "balancedAccuracy" or "balanced_accuracy" => [matrix.BalancedAccuracy],
            "matthewsCorrelation" or "matthews" => [matrix.MatthewsCorrelation],
            "cohenKappa" or "cohen_kappa" => [matrix.CohenKappa],
            "confusion" => matrix.Total == 0 ? [double.NaN] : [.. Enumerable.Range(0, n * n).Select(i => matrix[i / n, i % n])],
            "precisionOfClasses" or "precision_per_class" => matrix.PrecisionOfClasses(),
            "recallOfClasses" or "recall_per_class" => matrix.RecallOfClasses(),
            "f1_per_class" => matrix.FBetaOfClasses(),
            "f2OfClasses" => matrix.FBetaOfClasses(2),
            "f1_macro_zero_division_nan" => [matrix.FBeta(zeroDivision: double.NaN)],
            _ => parts[0] switch
            {
                "precision" => [matrix.Precision(averaging)],
                "recall" => [matrix.Recall(averaging)],
                "f1" => [matrix.FBeta(1, averaging)],
                "f0.5" => [matrix.FBeta(0.5, averaging)],
                "jaccard" => [matrix.Jaccard(averaging)],
                _ => throw new NotSupportedException(name),
            },
        };
    }

    private static Func<string, double[]?> Regression(JsonElement one)
    {
        float[] targets = [.. Numbers(one, "targets").Select(static v => (float)v)], predictions = [.. Numbers(one, "predictions").Select(static v => (float)v)];
        Metric[] all = [new RSquared(), new ExplainedVariance(), new MeanAbsoluteError(), new RootMeanSquaredError(), new RootMeanSquaredError(squared: true), new MedianAbsoluteError(), new MeanAbsolutePercentageError()];
        int half = targets.Length / 2;
        foreach (Metric metric in all)
        {
            // Two batches: the value is that of all samples.
            metric.Add(Tensor.Of(predictions.AsSpan(..half)), [], Tensor.Of(targets.AsSpan(..half)));
            metric.Add(Tensor.Of(predictions.AsSpan(half..)), [], Tensor.Of(targets.AsSpan(half..)));
        }

        return name => [all.Single(metric => metric.Name == name).Value];
    }

    private static Func<string, double[]?> Scores(JsonElement one) =>
        OfScores(Integers(one, "labels"), Numbers(one, "scores"), one.GetProperty("classes").GetInt32(), Numbers(one, "weights"));

    private static Func<string, double[]?> OfScores(int[] labels, double[] scores, int classes, double[] weights) => name =>
    {
        string[] parts = name.Split('-', '_');
        Averaging averaging = s_averages.Contains(parts[^1]) ? Enum.Parse<Averaging>(parts[^1], ignoreCase: true) : Averaging.Macro;
        return name switch
        {
            "rocAuc" or "roc_auc" => [RocAuc.Of(labels, scores, weights)],
            "rocAuc-0.3" => [RocCurve.Of(labels, scores, weights).PartialArea(0.3)],
            "roc_auc_partial_fpr_0.5" => [RocCurve.Of(labels, scores, weights).PartialArea(0.5)],
            "averagePrecision" or "average_precision" => [AveragePrecision.Of(labels, scores, weights)],
            "brierScore" or "brier" => [BrierScore.Of(labels, scores, classes, weights)],
            "logLoss" or "log_loss" => [LogLoss.Of(labels, scores, classes, weights)],
            "falsePositives" => [.. RocCurve.Of(labels, scores, weights).FalsePositiveRates],
            "truePositives" => [.. RocCurve.Of(labels, scores, weights).TruePositiveRates],
            "roc_curve_drop_intermediate_false" => [.. RocCurve.Of(labels, scores).FalsePositiveRates, .. RocCurve.Of(labels, scores).TruePositiveRates],
            "ece_10_bins_l1" => [CalibrationError.Of(labels, scores, classes, 10)],
            "ece_15_bins_l1" => [CalibrationError.Of(labels, scores, classes, 15)],
            _ when name.Contains("ovr", StringComparison.Ordinal) => [RocAuc.OneAgainstRest(labels, scores, classes, averaging)],
            _ when name.Contains("ovo", StringComparison.Ordinal) => [RocAuc.OneAgainstOne(labels, scores, classes, averaging)],
            _ when parts[0] == "averagePrecision" => [AveragePrecision.OneAgainstRest(labels, scores, classes, averaging)],
            _ when parts[0] == "top" => [TopKAccuracy.Of(labels, scores, classes, int.Parse(parts[1], CultureInfo.InvariantCulture))],
            _ => throw new NotSupportedException(name),
        };
    };

    private static Func<string, double[]?> Stored(JsonElement one)
    {
        switch (one.GetProperty("kind").GetString())
        {
            case "class":
                ConfusionMatrix matrix = ConfusionMatrix.Of(Integers(one, "y"), Integers(one, "predicted"), one.GetProperty("labels").GetArrayLength());
                return name => OfMatrix(matrix, name);
            case "score":
                return OfScores(Integers(one, "y"), Numbers(one, "score"), 1, []);
            case "multiclass_score":
                return OfScores(Integers(one, "y"), Numbers(one, "score"), 4, []);
            default:
                int[] truth = Integers(one, "y");
                double[] scores = Numbers(one, "score");
                MultiLabelReport report = MultiLabelReport.Of(truth, Integers(one, "predicted"), 4);
                return name => name switch
                {
                    "f1_micro" => [report.F1(Averaging.Micro)],
                    "f1_macro" => [report.F1()],
                    "f1_weighted" => [report.F1(Averaging.Weighted)],
                    "f1_samples" => [report.F1OfSamples],
                    "subset_accuracy" => [report.SubsetAccuracy],
                    "hamming_loss" => [report.HammingLoss],
                    "jaccard_samples" => [report.JaccardOfSamples],
                    "ranking_average_precision" => [LabelRanking.AveragePrecision(truth, scores, 4)],
                    "coverage_error" => [LabelRanking.CoverageError(truth, scores, 4)],
                    "ranking_loss" => [LabelRanking.RankingLoss(truth, scores, 4)],
                    "roc_auc_micro" => [RocAuc.Of(truth, scores)],
                    "roc_auc_macro" => [Enumerable.Range(0, 4).Average(label => RocAuc.Of(Every(truth, label), Every(scores, label)))],
                    _ => throw new NotSupportedException(name),
                };
        }
    }

    private static T[] Every<T>(T[] values, int label) => [.. values.Where((_, i) => i % 4 == label)];

    private static void CompareAll(string what, JsonElement expected, Func<string, double[]?> compute)
    {
        foreach (JsonProperty value in expected.EnumerateObject())
        {
            Compare($"{what}, {value.Name}", Flat(value.Value), compute(value.Name)!, Tolerance);
        }
    }

    private static void Compare(string what, double[] expected, double[] actual, double tolerance)
    {
        Assert.True(expected.Length == actual.Length, $"{what}: expected {expected.Length} values, got {actual.Length}");
        for (int i = 0; i < expected.Length; i++)
        {
            bool close = double.IsNaN(expected[i]) ? double.IsNaN(actual[i]) : Math.Abs(expected[i] - actual[i]) <= tolerance * Math.Max(1, Math.Abs(expected[i]));
            Assert.True(close, $"{what}: expected {expected[i]:R}, got {actual[i]:R}");
        }
    }

    private static double[] Numbers(JsonElement one, string property) => one.TryGetProperty(property, out JsonElement values) ? Flat(values) : [];

    private static int[] Integers(JsonElement one, string property) => [.. Numbers(one, property).Select(static v => (int)v)];

    private static double[] Flat(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => [.. value.EnumerateArray().SelectMany(Flat)],
        JsonValueKind.String => [value.GetString()!.ToUpperInvariant() switch { "NAN" => double.NaN, "INF" => double.PositiveInfinity, _ => double.NegativeInfinity }],
        _ => [value.GetDouble()],
    };
}
