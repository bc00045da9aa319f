using System.Globalization;
using System.Text;

namespace Pondus.Metrics;

/// <summary>How often each class was taken for each: row the true one, column the predicted one. Most metrics of classes follow from it.</summary>
/// <remarks>
/// <para>In double, as scikit-learn, with every class of the matrix counted: a class that is neither true nor predicted has precision, recall and F of <c>zeroDivision</c>, 0 by default.</para>
/// <para>With a zeroDivision of NaN, means leave such classes out. Without any sample every value is NaN.</para>
/// </remarks>
public sealed class ConfusionMatrix
{
    private readonly double[] _counts;

    /// <summary>Makes an empty matrix.</summary>
    /// <param name="classes">Number of classes, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no class.</exception>
    public ConfusionMatrix(int classes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        Classes = classes;
        _counts = new double[classes * classes];
    }

    internal ConfusionMatrix(ReadOnlySpan<double> counts)
        : this(Math.Max(1, (int)Math.Sqrt(counts.Length))) => counts[..Math.Min(counts.Length, _counts.Length)].CopyTo(_counts);

    /// <summary>Gets the number of classes.</summary>
    public int Classes { get; }

    /// <summary>Gets the weight of all samples, their number when none was weighted.</summary>
    public double Total => _counts.Sum();

    /// <summary>Gets the share of samples that are right.</summary>
    public double Accuracy => Right / Total;

    /// <summary>Gets the mean recall of the classes that have samples.</summary>
    public double BalancedAccuracy
    {
        get
        {
            double sum = 0;
            int present = 0;
            for (int i = 0; i < Classes; i++)
            {
                (double truePositives, _, double falseNegatives) = Counts(i);
                if (truePositives + falseNegatives > 0)
                {
                    sum += truePositives / (truePositives + falseNegatives);
                    present++;
                }
            }

            return sum / present;
        }
    }

    /// <summary>Gets Matthews' correlation of truth and prediction, in [-1, 1]; 0 where one of them is constant.</summary>
    /// <remarks>Source: Matthews 1975; several classes: Gorodkin 2004.</remarks>
    public double MatthewsCorrelation
    {
        get
        {
            (double both, double trueSquares, double predictedSquares) = Margins();
            double total = Total, covariance = (Right * total) - both, squares = ((total * total) - trueSquares) * ((total * total) - predictedSquares);
            return total == 0 ? double.NaN : squares <= 0 ? 0 : covariance / Math.Sqrt(squares);
        }
    }

    /// <summary>Gets Cohen's kappa: agreement beyond chance, at most 1; NaN where truth and prediction are one class alone.</summary>
    /// <remarks>Source: Cohen 1960.</remarks>
    public double CohenKappa
    {
        get
        {
            double total = Total, chance = Margins().Both / total;
            return (Right - chance) / (total - chance);
        }
    }

    private double Right => Enumerable.Range(0, Classes).Sum(i => this[i, i]);

    /// <summary>Gets the weight of the samples of a class that were predicted as another.</summary>
    /// <param name="label">The true class.</param>
    /// <param name="predicted">The predicted class.</param>
    public double this[int label, int predicted] => _counts[(label * Classes) + predicted];

    /// <summary>Makes the matrix of given predictions.</summary>
    /// <param name="labels">The true classes.</param>
    /// <param name="predicted">The predicted classes, as many.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="weights">A weight for each sample; empty weighs all alike.</param>
    /// <returns>The matrix.</returns>
    /// <exception cref="ShapeException">The counts differ, or a class is outside of [0, classes).</exception>
    public static ConfusionMatrix Of(ReadOnlySpan<int> labels, ReadOnlySpan<int> predicted, int classes, ReadOnlySpan<double> weights = default)
    {
        ConfusionMatrix matrix = new(classes);
        if (labels.Length != predicted.Length || (weights.Length > 0 && weights.Length != labels.Length))
        {
            throw new ShapeException($"ConfusionMatrix: expected {labels.Length} predictions and weights as labels, got {predicted.Length} and {weights.Length}.");
        }

        for (int i = 0; i < labels.Length; i++)
        {
            matrix.Add(labels[i], predicted[i], weights.IsEmpty ? 1 : weights[i]);
        }

        return matrix;
    }

    /// <summary>Adds a sample.</summary>
    /// <param name="label">The true class.</param>
    /// <param name="predicted">The predicted class.</param>
    /// <param name="weight">What it counts.</param>
    /// <exception cref="ShapeException">A class is outside of the matrix.</exception>
    public void Add(int label, int predicted, double weight = 1)
    {
        if ((uint)label >= (uint)Classes || (uint)predicted >= (uint)Classes)
        {
            throw new ShapeException($"ConfusionMatrix: expected classes in [0, {Classes}), got true {label} and predicted {predicted}.");
        }

        _counts[(label * Classes) + predicted] += weight;
    }

    /// <summary>Computes precision: the share of the predictions of a class that are right.</summary>
    /// <param name="averaging">How classes become one value.</param>
    /// <param name="zeroDivision">Value of a class that was never predicted.</param>
    /// <returns>The precision, in [0, 1].</returns>
    public double Precision(Averaging averaging = Averaging.Macro, double zeroDivision = 0) => Average(averaging, zeroDivision, static (tp, fp, fn, _) => (tp, tp + fp));

    /// <summary>Computes recall: the share of the samples of a class that were found.</summary>
    /// <param name="averaging">How classes become one value.</param>
    /// <param name="zeroDivision">Value of a class without samples.</param>
    /// <returns>The recall, in [0, 1].</returns>
    public double Recall(Averaging averaging = Averaging.Macro, double zeroDivision = 0) => Average(averaging, zeroDivision, static (tp, fp, fn, _) => (tp, tp + fn));

    /// <summary>Computes the F measure: (1 + β²) P R / (β² P + R) of precision P and recall R.</summary>
    /// <param name="beta">How many times recall counts more than precision, above 0.</param>
    /// <param name="averaging">How classes become one value.</param>
    /// <param name="zeroDivision">Value of a class that is neither true nor predicted.</param>
    /// <returns>The measure, in [0, 1].</returns>
    public double FBeta(double beta = 1, Averaging averaging = Averaging.Macro, double zeroDivision = 0) => Average(averaging, zeroDivision, FMeasure, beta);

    /// <summary>Computes the Jaccard index: the share of right ones among the samples that are or were called a class.</summary>
    /// <param name="averaging">How classes become one value.</param>
    /// <param name="zeroDivision">Value of a class that is neither true nor predicted.</param>
    /// <returns>The index, in [0, 1].</returns>
    public double Jaccard(Averaging averaging = Averaging.Macro, double zeroDivision = 0) => Average(averaging, zeroDivision, static (tp, fp, fn, _) => (tp, tp + fp + fn));

    /// <summary>Computes the precision of each class.</summary>
    /// <param name="zeroDivision">Value of a class that was never predicted.</param>
    /// <returns>A value for each class.</returns>
    public double[] PrecisionOfClasses(double zeroDivision = 0) => OfClasses(zeroDivision, static (tp, fp, fn, _) => (tp, tp + fp));

    /// <summary>Computes the recall of each class.</summary>
    /// <param name="zeroDivision">Value of a class without samples.</param>
    /// <returns>A value for each class.</returns>
    public double[] RecallOfClasses(double zeroDivision = 0) => OfClasses(zeroDivision, static (tp, fp, fn, _) => (tp, tp + fn));

    /// <summary>Computes the F measure of each class.</summary>
    /// <param name="beta">How many times recall counts more than precision, above 0.</param>
    /// <param name="zeroDivision">Value of a class that is neither true nor predicted.</param>
    /// <returns>A value for each class.</returns>
    public double[] FBetaOfClasses(double beta = 1, double zeroDivision = 0) => OfClasses(zeroDivision, FMeasure, beta);

    /// <summary>Prints the matrix as a table: true classes down, predicted ones across.</summary>
    /// <returns>The text, one line a class.</returns>
    public override string ToString() => ToString([]);

    /// <summary>Prints the matrix as a table with names.</summary>
    /// <param name="names">A name for each class; others have their numbers.</param>
    /// <returns>The text, one line a class.</returns>
    public string ToString(IReadOnlyList<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        string[] heads = [.. Enumerable.Range(0, Classes).Select(i => i < names.Count ? names[i] : i.ToString(CultureInfo.InvariantCulture))];
        string[] cells = [.. _counts.Select(static c => c.ToString("G6", CultureInfo.InvariantCulture))];
        const string Corner = "true \\ predicted";
        int first = Math.Max(Corner.Length, heads.Max(static h => h.Length)), width = Math.Max(heads.Max(static h => h.Length), cells.Max(static c => c.Length));
        StringBuilder text = new(Corner.PadRight(first));
        foreach (string head in heads)
        {
            text.Append("  ").Append(head.PadLeft(width));
        }

        for (int i = 0; i < Classes; i++)
        {
            text.Append('\n').Append(heads[i].PadRight(first));
            for (int j = 0; j < Classes; j++)
            {
                text.Append("  ").Append(cells[(i * Classes) + j].PadLeft(width));
            }
        }

        return text.ToString();
    }

    private static (double Numerator, double Denominator) FMeasure(double tp, double fp, double fn, double beta)
    {
        double square = beta * beta;
        return ((1 + square) * tp, ((1 + square) * tp) + (square * fn) + fp);
    }

    private double Average(Averaging averaging, double zeroDivision, Ratio ratio, double setting = 1)
    {
        if (Total == 0)
        {
            return double.NaN;
        }

        if (averaging == Averaging.Binary)
        {
            return Classes == 2
                ? OfClasses(zeroDivision, ratio, setting)[1]
                : throw new InvalidOperationException($"ConfusionMatrix: expected two classes for Averaging.Binary, got {Classes}. Choose another averaging.");
        }

        if (averaging == Averaging.Micro)
        {
            // Each wrong answer is a false one of its class and a missed one of another.
            double right = Right, wrong = Total - right;
            (double numerator, double denominator) = ratio(right, wrong, wrong, setting);
            return denominator == 0 ? zeroDivision : numerator / denominator;
        }

        double[] values = OfClasses(zeroDivision, ratio, setting);
        double sum = 0, weights = 0;
        for (int i = 0; i < Classes; i++)
        {
            (double truePositives, _, double falseNegatives) = Counts(i);
            double weight = averaging == Averaging.Weighted ? truePositives + falseNegatives : 1;
            if (!double.IsNaN(values[i]))
            {
                sum += weight * values[i];
                weights += weight;
            }
        }

        return sum / weights;
    }

    private double[] OfClasses(double zeroDivision, Ratio ratio, double setting = 1)
    {
        double[] values = new double[Classes];
        for (int i = 0; i < Classes; i++)
        {
            (double truePositives, double falsePositives, double falseNegatives) = Counts(i);
            (double numerator, double denominator) = ratio(truePositives, falsePositives, falseNegatives, setting);
            values[i] = Total == 0 ? double.NaN : denominator == 0 ? zeroDivision : numerator / denominator;
        }

        return values;
    }

    private (double TruePositives, double FalsePositives, double FalseNegatives) Counts(int label)
    {
        double row = 0, column = 0;
        for (int i = 0; i < Classes; i++)
        {
            row += this[label, i];
            column += this[i, label];
        }

        double right = this[label, label];
        return (right, column - right, row - right);
    }

    // Sums over the classes of true times predicted, true squared, predicted squared.
    private (double Both, double TrueSquares, double PredictedSquares) Margins()
    {
        double both = 0, trueSquares = 0, predictedSquares = 0;
        for (int i = 0; i < Classes; i++)
        {
            (double right, double falsePositives, double falseNegatives) = Counts(i);
            double row = right + falseNegatives, column = right + falsePositives;
            both += row * column;
            trueSquares += row * row;
            predictedSquares += column * column;
        }

        return (both, trueSquares, predictedSquares);
    }

    private delegate (double Numerator, double Denominator) Ratio(double truePositives, double falsePositives, double falseNegatives, double setting);
}
