namespace Pondus.Metrics;

/// <summary>How good predictions are where a sample may have any number of labels.</summary>
/// <remarks>In double, as scikit-learn; a ratio of 0 / 0 counts as 0. Without samples every value is NaN.</remarks>
public sealed class MultiLabelReport
{
    private readonly int[] _truth;
    private readonly int[] _predicted;
    private readonly int _labels;

    private MultiLabelReport(int[] truth, int[] predicted, int labels)
    {
        _truth = truth;
        _predicted = predicted;
        _labels = labels;
    }

    /// <summary>Gets the share of samples whose labels are all right.</summary>
    public double SubsetAccuracy => MeanOverRows(static (both, truth, predicted, union) => both == truth && both == predicted ? 1 : 0);

    /// <summary>Gets the share of single labels that are wrong.</summary>
    public double HammingLoss => MeanOverRows((both, truth, predicted, union) => (double)(union - both) / _labels);

    /// <summary>Gets the mean over the samples of the F1 of their labels.</summary>
    public double F1OfSamples => MeanOverRows(static (both, truth, predicted, union) => Share(2.0 * both, truth + predicted));

    /// <summary>Gets the mean over the samples of the Jaccard index of their labels.</summary>
    public double JaccardOfSamples => MeanOverRows(static (both, truth, predicted, union) => Share(both, union));

    /// <summary>Makes the report.</summary>
    /// <param name="truth">Row by row, 1 for each label that a sample has, else 0.</param>
    /// <param name="predicted">The same of the prediction.</param>
    /// <param name="labels">Labels in a row, at least 1.</param>
    /// <returns>The report.</returns>
    /// <exception cref="ShapeException">The counts differ.</exception>
    public static MultiLabelReport Of(ReadOnlySpan<int> truth, ReadOnlySpan<int> predicted, int labels) =>
        labels >= 1 && truth.Length == predicted.Length && truth.Length % labels == 0
            ? new MultiLabelReport(truth.ToArray(), predicted.ToArray(), labels)
            : throw new ShapeException($"MultiLabelReport: expected rows of {labels} labels of truth and prediction alike, got {truth.Length} and {predicted.Length} values.");

    /// <summary>Computes the F1 measure of the labels.</summary>
    /// <param name="averaging">Macro, micro or weighted.</param>
    /// <returns>The measure, in [0, 1].</returns>
    public double F1(Averaging averaging = Averaging.Macro)
    {
        double values = 0, weights = 0, allRight = 0, allCalled = 0;
        for (int label = 0; label < _labels; label++)
        {
            int right = 0, truth = 0, predicted = 0;
            for (int i = label; i < _truth.Length; i += _labels)
            {
                right += _truth[i] & _predicted[i];
                truth += _truth[i];
                predicted += _predicted[i];
            }

            double weight = averaging == Averaging.Weighted ? truth : 1;
            values += weight * Share(2.0 * right, truth + predicted);
            weights += weight;
            allRight += right;
            allCalled += truth + predicted;
        }

        return _truth.Length == 0 ? double.NaN : averaging == Averaging.Micro ? Share(2 * allRight, allCalled) : Share(values, weights);
    }

    private static double Share(double part, double whole) => whole == 0 ? 0 : part / whole;

    private double MeanOverRows(Func<int, int, int, int, double> measure)
    {
        double sum = 0;
        for (int row = 0; row < _truth.Length; row += _labels)
        {
            int both = 0, truth = 0, predicted = 0;
            for (int i = row; i < row + _labels; i++)
            {
                both += _truth[i] & _predicted[i];
                truth += _truth[i];
                predicted += _predicted[i];
            }

            sum += measure(both, truth, predicted, truth + predicted - both);
        }

        return sum / (_truth.Length / _labels);
    }
}
