namespace Pondus.Data;

/// <summary>Deterministic splits of a data set into parts and folds, by indices for <see cref="Dataset.Take"/>.</summary>
/// <remarks>With labels the parts are stratified: each class is in each part with its share, give or take one sample.</remarks>
public static class Split
{
    /// <summary>Splits by shares.</summary>
    /// <param name="count">Number of samples.</param>
    /// <param name="fractions">Share of each part, each in [0, 1], together 1.</param>
    /// <param name="random">The source of the order.</param>
    /// <param name="labels">Class of each sample to stratify by, or null.</param>
    /// <returns>The indices of each part; every sample is in exactly one.</returns>
    /// <exception cref="ArgumentException">The shares do not add up to 1, or there are not as many labels as samples.</exception>
    public static int[][] ByFractions(int count, IReadOnlyList<double> fractions, RandomSource random, int[]? labels = null)
    {
        ArgumentNullException.ThrowIfNull(fractions);
        const double tolerance = 1e-6;
        if (fractions.Any(fraction => !(fraction is >= 0 and <= 1)) || Math.Abs(fractions.Sum() - 1) > tolerance)
        {
            throw new ArgumentException($"Split: expected shares in [0, 1] that add up to 1, got {string.Join(", ", fractions)}.", nameof(fractions));
        }

        int[] counts = new int[fractions.Count];
        double sum = 0;
        int begin = 0;
        for (int i = 0; i < counts.Length; i++)
        {
            sum += fractions[i];
            int end = i == counts.Length - 1 ? count : (int)Math.Round(sum * count, MidpointRounding.AwayFromZero);
            counts[i] = end - begin;
            begin = end;
        }

        return ByCounts(count, counts, random, labels);
    }

    /// <summary>Splits by numbers of samples.</summary>
    /// <param name="count">Number of samples.</param>
    /// <param name="counts">Number of samples of each part, together at most <paramref name="count"/>; the rest is left out.</param>
    /// <param name="random">The source of the order.</param>
    /// <param name="labels">Class of each sample to stratify by, or null.</param>
    /// <returns>The indices of each part; no sample is in two.</returns>
    /// <exception cref="ArgumentException">The parts need more samples than there are, or there are not as many labels as samples.</exception>
    public static int[][] ByCounts(int count, IReadOnlyList<int> counts, RandomSource random, int[]? labels = null)
    {
        ArgumentNullException.ThrowIfNull(counts);
        if (counts.Any(part => part < 0) || counts.Sum(part => (long)part) > count)
        {
            throw new ArgumentException($"Split: expected parts of together at most {count} samples, got {string.Join(", ", counts)}.", nameof(counts));
        }

        int[] order = Order(count, random, labels);
        int[][] parts = new int[counts.Count][];
        int begin = 0;
        for (int i = 0; i < parts.Length; i++)
        {
            parts[i] = order[begin..(begin + counts[i])];
            begin += counts[i];
        }

        return parts;
    }

    /// <summary>Makes the folds of a cross-validation.</summary>
    /// <param name="count">Number of samples.</param>
    /// <param name="foldCount">Number of folds, from 2 to <paramref name="count"/>.</param>
    /// <param name="random">The source of the order.</param>
    /// <param name="labels">Class of each sample to stratify by, or null.</param>
    /// <returns>For each fold the samples to train on and those to test on; every sample is tested once.</returns>
    /// <exception cref="ArgumentException">The number of folds is outside its range, or there are not as many labels as samples.</exception>
    public static (int[] Train, int[] Test)[] Folds(int count, int foldCount, RandomSource random, int[]? labels = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(foldCount, 2);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(foldCount, count);
        int[] order = Order(count, random, labels);
        (int[] Train, int[] Test)[] folds = new (int[], int[])[foldCount];
        for (int i = 0; i < foldCount; i++)
        {
            int begin = (int)((long)count * i / foldCount), end = (int)((long)count * (i + 1) / foldCount);
            folds[i] = ([.. order[..begin], .. order[end..]], order[begin..end]);
        }

        return folds;
    }

    private static int[] Order(int count, RandomSource random, int[]? labels)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentNullException.ThrowIfNull(random);
        int[] order = random.Permutation(count);
        if (labels is null)
        {
            return order;
        }

        if (labels.Length != count)
        {
            throw new ArgumentException($"Split: expected {count} labels, got {labels.Length}.", nameof(labels));
        }

        // Sample r of n in its class stands at (r + 1/2) / n: any stretch of the order then holds each class with its share.
        Dictionary<int, int> sizes = [];
        foreach (int label in labels)
        {
            sizes[label] = sizes.GetValueOrDefault(label) + 1;
        }

        Dictionary<int, int> ranks = [];
        double[] places = new double[count];
        for (int i = 0; i < count; i++)
        {
            int label = labels[order[i]], rank = ranks.GetValueOrDefault(label);
            places[i] = (rank + 0.5) / sizes[label];
            ranks[label] = rank + 1;
        }

        // Equal places keep the random order: OrderBy is stable.
        return [.. Enumerable.Range(0, count).OrderBy(i => places[i]).Select(i => order[i])];
    }
}
