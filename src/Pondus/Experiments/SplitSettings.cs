using Pondus.Experiments.Settings;

namespace Pondus.Experiments;

/// <summary>How samples are divided; what neither part takes is trained on, all of it or so many.</summary>
/// <remarks>
/// <para>Range and unit: a number below 1 is a share of the samples, a number from 1 is a count; 0 takes none.</para>
/// </remarks>
public sealed record SplitSettings
{
    /// <summary>Gets the part that is watched while training.</summary>
    public double Validation { get; init; }

    /// <summary>Gets the part that is kept for the end; not used when the source brings a test set of its own.</summary>
    public double Test { get; init; }

    /// <summary>Gets the number of samples that are trained on, the rest being left aside; null trains on all that validation and test leave.</summary>
    public int? Training { get; init; }

    /// <summary>Gets the number of folds of a cross-validation, at least 2, or null for a single training.</summary>
    public int? Folds { get; init; }

    /// <summary>Gets how many times the cross-validation is repeated with other folds.</summary>
    public int Repeats { get; init; } = 1;

    /// <summary>Gets whether every part keeps the proportions of the classes.</summary>
    public bool Stratify { get; init; } = true;

    internal static Kind<SplitSettings> Kind { get; } = new SectionKind<SplitSettings>(new(), static (s, f) => s.Visit(f));

    private SplitSettings Visit(Fields f)
    {
        SplitSettings visited = this with
        {
            Validation = f.Get("validation", Validation, Kinds.NotNegative, "Part that is watched while training: a share below 1, or a count."),
            Test = f.Get("test", Test, Kinds.NotNegative, "Part that is kept for the end: a share below 1, or a count."),
            Training = f.Get("training", Training, Kinds.OptionalValue(Kinds.Integer(1)), "How many samples are trained on, the rest being left aside; null trains on all that the other parts leave."),
            Folds = f.Get("folds", Folds, Kinds.OptionalValue(Kinds.Integer(2)), "Number of folds of a cross-validation."),
            Repeats = f.Get("repeats", Repeats, Kinds.Integer(1), "How many times the cross-validation is repeated with other folds."),
            Stratify = f.Get("stratify", Stratify, Kinds.Flag, "Whether every part keeps the proportions of the classes."),
        };
        CheckPart(f, "validation", visited.Validation);
        CheckPart(f, "test", visited.Test);
        f.Check(visited.Folds is null || (visited.Validation == 0 && visited.Test == 0), "folds", "no validation or test part beside folds, since each fold is tested in turn", $"validation {visited.Validation} and test {visited.Test}");
        f.Check(visited.Folds is null || visited.Training is null, "training", "null with folds, which share out all samples", $"{visited.Training}");
        bool leavesSome = !(visited.Validation < 1 && visited.Test < 1) || visited.Validation + visited.Test < 1;
        f.Check(leavesSome, "test", $"a share below {1 - visited.Validation} beside validation {visited.Validation}", $"{visited.Test}");
        return visited;
    }

    private static void CheckPart(Fields f, string key, double part) =>
        f.Check(part < 1 || (part == Math.Floor(part) && part <= int.MaxValue), key, "a share below 1 or a whole number", $"{part}");
}
