namespace Pondus.Data;

/// <summary>Shifts and scales inputs to mean 0 and standard deviation 1; its numbers are stored with the model.</summary>
/// <remarks>
/// <para>Formula: y = (x - mean) / deviation, for each feature or, with one mean and deviation, for all values alike (pictures).</para>
/// <para>The deviation is that of a population (divided by N), computed in double; a constant feature gets deviation 1.</para>
/// </remarks>
public sealed class Standardizer
{
    /// <summary>Makes a standardizer from stored numbers.</summary>
    /// <param name="mean">Mean of each feature, or one for all.</param>
    /// <param name="deviation">Standard deviation of each feature, or one for all; finite and above 0.</param>
    /// <exception cref="ArgumentException">The lengths differ, are 0, or a number is not finite or a deviation not above 0.</exception>
    public Standardizer(float[] mean, float[] deviation)
    {
        ArgumentNullException.ThrowIfNull(mean);
        ArgumentNullException.ThrowIfNull(deviation);
        if (mean.Length == 0 || mean.Length != deviation.Length)
        {
            throw new ArgumentException($"Standardizer: expected as many deviations as means, at least 1, got {deviation.Length} and {mean.Length}.", nameof(deviation));
        }

        for (int i = 0; i < mean.Length; i++)
        {
            if (!float.IsFinite(mean[i]) || !float.IsFinite(deviation[i]) || deviation[i] <= 0)
            {
                throw new ArgumentException($"Standardizer: expected finite means and deviations above 0, got {mean[i]} and {deviation[i]} at feature {i}.", nameof(deviation));
            }
        }

        Mean = mean;
        Deviation = deviation;
    }

    /// <summary>Gets the mean of each feature, or one for all.</summary>
    public float[] Mean { get; }

    /// <summary>Gets the standard deviation of each feature, or one for all.</summary>
    public float[] Deviation { get; }

    /// <summary>Measures the inputs of a data set.</summary>
    /// <param name="data">The data set, with at least 1 sample; the training part only.</param>
    /// <param name="perFeature">True for a mean and deviation for each feature (tables), false for one of all values (pictures).</param>
    /// <returns>The standardizer.</returns>
    /// <exception cref="ArgumentException">There is no sample or a value is not finite.</exception>
    public static Standardizer Fit(Dataset data, bool perFeature = true)
    {
        ArgumentNullException.ThrowIfNull(data);
        return Fit(data.Inputs, perFeature ? data.InputShape.Count : 1);
    }

    /// <summary>Measures rows of features.</summary>
    /// <param name="values">The rows, one after the other.</param>
    /// <param name="featureCount">Length of a row, at least 1.</param>
    /// <returns>The standardizer.</returns>
    /// <exception cref="ArgumentException">There is no whole row or a value is not finite.</exception>
    public static Standardizer Fit(ReadOnlySpan<float> values, int featureCount)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(featureCount, 1);
        if (values.IsEmpty || values.Length % featureCount != 0)
        {
            throw new ArgumentException($"Standardizer: expected at least one row of {featureCount} values, got {values.Length} values.", nameof(values));
        }

        int rows = values.Length / featureCount;
        double[] sums = new double[featureCount], squares = new double[featureCount];
        for (int i = 0, feature = 0; i < values.Length; i++)
        {
            if (!float.IsFinite(values[i]))
            {
                throw new ArgumentException($"Standardizer: expected finite values, got {values[i]} in row {i / featureCount}, feature {feature}.", nameof(values));
            }

            sums[feature] += values[i];
            feature = feature + 1 == featureCount ? 0 : feature + 1;
        }

        // Around the mean, not as mean square minus squared mean: that would lose all digits of a feature far from 0.
        for (int i = 0, feature = 0; i < values.Length; i++)
        {
            double difference = values[i] - (sums[feature] / rows);
            squares[feature] += difference * difference;
            feature = feature + 1 == featureCount ? 0 : feature + 1;
        }

        float[] mean = new float[featureCount], deviation = new float[featureCount];
        for (int i = 0; i < featureCount; i++)
        {
            mean[i] = (float)(sums[i] / rows);
            float spread = (float)Math.Sqrt(squares[i] / rows);
            // A constant feature may keep a spread of rounding errors; a division by it would blow up any other value.
            deviation[i] = spread > 1e-7f * Math.Abs(mean[i]) ? spread : 1f;
        }

        return new Standardizer(mean, deviation);
    }

    /// <summary>Standardizes a data set's inputs.</summary>
    /// <param name="data">The data set; it is not changed.</param>
    /// <returns>A new data set.</returns>
    /// <exception cref="ArgumentException">Its samples have another number of features.</exception>
    public Dataset Apply(Dataset data)
    {
        ArgumentNullException.ThrowIfNull(data);
        float[] inputs = [.. data.Inputs];
        Apply(inputs);
        return Mean.Length == 1 || Mean.Length == data.InputShape.Count
            ? data.WithInputs(inputs)
            : throw new ArgumentException($"Standardizer: expected samples of {Mean.Length} features, got {data.InputShape}.", nameof(data));
    }

    /// <summary>Standardizes rows in place.</summary>
    /// <param name="values">The rows, one after the other.</param>
    /// <exception cref="ArgumentException">The values are not whole rows.</exception>
    public void Apply(Span<float> values)
    {
        ThrowIfNotRows(values.Length);
        for (int i = 0, feature = 0; i < values.Length; i++)
        {
            values[i] = (values[i] - Mean[feature]) / Deviation[feature];
            feature = feature + 1 == Mean.Length ? 0 : feature + 1;
        }
    }

    /// <summary>Turns standardized rows back, in place.</summary>
    /// <param name="values">The rows, one after the other.</param>
    /// <exception cref="ArgumentException">The values are not whole rows.</exception>
    public void Invert(Span<float> values)
    {
        ThrowIfNotRows(values.Length);
        for (int i = 0, feature = 0; i < values.Length; i++)
        {
            values[i] = (values[i] * Deviation[feature]) + Mean[feature];
            feature = feature + 1 == Mean.Length ? 0 : feature + 1;
        }
    }

    private void ThrowIfNotRows(int length)
    {
        if (length % Mean.Length != 0)
        {
            throw new ArgumentException($"Standardizer: expected rows of {Mean.Length} features, got {length} values.", nameof(length));
        }
    }
}
