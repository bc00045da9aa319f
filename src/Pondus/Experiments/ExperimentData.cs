using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Pondus.Data;

namespace Pondus.Experiments;

/// <summary>The data of an experiment, loaded, divided and standardized.</summary>
/// <param name="Training">Samples to learn from.</param>
/// <param name="Validation">Samples that are watched while training, or null.</param>
/// <param name="Test">Samples that are kept for the end, or null.</param>
/// <param name="Standardizer">What the inputs went through, from the training part alone; null when they were left as they are.</param>
/// <param name="Sha256">Digest of all samples before they were divided.</param>
/// <param name="ClassNames">Names of the classes, also where a yes-or-no loss learns them as the numbers 0 and 1; empty for numbers.</param>
public sealed record ExperimentData(Dataset Training, Dataset? Validation, Dataset? Test, Standardizer? Standardizer, string Sha256, IReadOnlyList<string> ClassNames)
{
    /// <summary>Loads, divides and standardizes the data.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <returns>The parts.</returns>
    public static ExperimentData Load(Experiment experiment)
    {
        ArgumentNullException.ThrowIfNull(experiment);
        if (experiment.Data is TextDataSettings text)
        {
            return TextSources.Load(text);
        }

        (Dataset all, Dataset? test, IReadOnlyList<string> classNames) = DataSources.Load(experiment);
        SplitSettings split = experiment.Data.Split;
        string sha256 = Digest(all, test);
        if (all.Count == 0)
        {
            throw new ExperimentException("data", "at least one sample", "none");
        }

        if (test is not null && split.Test > 0)
        {
            throw new ExperimentException("data.split.test", "0, since the data have a test part of their own", split.Test.ToString(CultureInfo.InvariantCulture));
        }

        int validationCount = CountOf(split.Validation, all.Count), testCount = CountOf(split.Test, all.Count);
        int trainingCount = all.Count - validationCount - testCount;
        if (trainingCount < 1)
        {
            throw new ExperimentException("data.split", $"validation and test to leave training samples of {all.Count}", $"{validationCount} and {testCount}");
        }

        if (split.Training > trainingCount)
        {
            throw new ExperimentException("data.split.training", $"at most {trainingCount}, what the other parts leave of {all.Count}", split.Training.Value.ToString(CultureInfo.InvariantCulture));
        }

        trainingCount = split.Training ?? trainingCount;
        int[][] parts = Split.ByCounts(all.Count, [trainingCount, validationCount, testCount], new RandomSource(experiment.Seed).Stream("split"), split.Stratify ? all.Labels : null);
        return Make(all.Take(parts[0]), validationCount > 0 ? all.Take(parts[1]) : null, testCount > 0 ? all.Take(parts[2]) : test, experiment.Data.Standardize) with { Sha256 = sha256, ClassNames = classNames };
    }

    /// <summary>Standardizes parts by the first of them.</summary>
    internal static ExperimentData Make(Dataset training, Dataset? validation, Dataset? test, Standardization how)
    {
        if (how == Standardization.None)
        {
            return new ExperimentData(training, validation, test, null, string.Empty, training.ClassNames);
        }

        Standardizer standardizer = Standardizer.Fit(training, perFeature: how == Standardization.Feature);
        return new ExperimentData(standardizer.Apply(training), Apply(standardizer, validation), Apply(standardizer, test), standardizer, string.Empty, training.ClassNames);
    }

    internal static string Digest(Dataset all, Dataset? test) => test is null
        ? all.Sha256()
        : Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(all.Sha256() + test.Sha256())));

    private static Dataset? Apply(Standardizer standardizer, Dataset? data) => data is null ? null : standardizer.Apply(data);

    private static int CountOf(double part, int all) => part < 1 ? (int)Math.Round(part * all, MidpointRounding.AwayFromZero) : (int)part;
}
