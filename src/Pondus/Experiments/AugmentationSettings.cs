using Pondus.Data;
using Pondus.Data.Augmentations;
using Pondus.Experiments.Settings;

namespace Pondus.Experiments;

/// <summary>A random change of training samples.</summary>
/// <remarks>
/// <para>Only the settings that the named change has are read and written: <see cref="Padding"/> of RandomCrop; <see cref="Rotation"/>, <see cref="Shift"/>, <see cref="Scale"/> and <see cref="Shear"/> of RandomAffine;
/// <see cref="MinimumArea"/> and <see cref="MaximumArea"/> of Erase; <see cref="Deviation"/> of Noise; <see cref="Amount"/> of Brightness and Contrast; <see cref="Alpha"/> of Mixup and Cutmix;
/// <see cref="Probability"/> of the flips, Erase, Mixup and Cutmix.</para>
/// </remarks>
public sealed record AugmentationSettings
{
    /// <summary>Gets the name of the change.</summary>
    public required string Type { get; init; }

    /// <summary>Gets the part of the samples that are changed.</summary>
    public double Probability { get; init; } = 0.5;

    /// <summary>Gets the largest shift in pixels.</summary>
    public int Padding { get; init; } = 2;

    /// <summary>Gets the largest angle of the rotation, in degrees.</summary>
    public double Rotation { get; init; } = 10;

    /// <summary>Gets the largest shift, as a share of the size.</summary>
    public double Shift { get; init; }

    /// <summary>Gets the largest relative change of size.</summary>
    public double Scale { get; init; }

    /// <summary>Gets the largest angle of the shear, in degrees.</summary>
    public double Shear { get; init; }

    /// <summary>Gets the smallest share that is erased.</summary>
    public double MinimumArea { get; init; } = 0.02;

    /// <summary>Gets the largest share that is erased.</summary>
    public double MaximumArea { get; init; } = 0.33;

    /// <summary>Gets the standard deviation of the noise.</summary>
    public double Deviation { get; init; } = 0.05;

    /// <summary>Gets the largest change of brightness or contrast.</summary>
    public double Amount { get; init; } = 0.2;

    /// <summary>Gets the parameter of the beta distribution.</summary>
    public double Alpha { get; init; } = 0.2;

    internal static Kind<AugmentationSettings> Kind { get; } = new VariantKind<AugmentationSettings>(
        "augmentation",
        "type",
        static a => a.Type,
        static (a, f) => a.Visit(f),
        new AugmentationSettings { Type = "RandomCrop" },
        new AugmentationSettings { Type = "HorizontalFlip" },
        new AugmentationSettings { Type = "VerticalFlip" },
        new AugmentationSettings { Type = "RandomAffine" },
        new AugmentationSettings { Type = "Erase" },
        new AugmentationSettings { Type = "Noise" },
        new AugmentationSettings { Type = "Brightness" },
        new AugmentationSettings { Type = "Contrast" },
        new AugmentationSettings { Type = "Mixup", Probability = 1 },
        new AugmentationSettings { Type = "Cutmix", Alpha = 1 });

    /// <summary>Makes the list of changes, or null when there are none.</summary>
    internal static Augmenter? Build(IReadOnlyList<AugmentationSettings> settings, Standardizer? standardizer)
    {
        List<Augmentation> changes = [];
        List<Mixing> mixings = [];
        foreach (AugmentationSettings one in settings)
        {
            float probability = (float)one.Probability;
            switch (one.Type)
            {
                case "Mixup":
                    mixings.Add(new Mixup((float)one.Alpha, probability));
                    break;
                case "Cutmix":
                    mixings.Add(new Cutmix((float)one.Alpha, probability));
                    break;
                default:
                    changes.Add(one.Type switch
                    {
                        "RandomCrop" => new RandomCrop(one.Padding),
                        "HorizontalFlip" => new HorizontalFlip(probability),
                        "VerticalFlip" => new VerticalFlip(probability),
                        "RandomAffine" => new RandomAffine((float)one.Rotation, (float)one.Shift, (float)one.Scale, (float)one.Shear),
                        "Erase" => new Erase(probability, (float)one.MinimumArea, (float)one.MaximumArea),
                        "Noise" => new Noise((float)one.Deviation),
                        "Brightness" => new Brightness((float)one.Amount),
                        "Contrast" => new Contrast((float)one.Amount),
                        _ => throw new ExperimentException("data.augment", "a known augmentation", one.Type),
                    });
                    break;
            }
        }

        return settings.Count == 0 ? null : new Augmenter(changes, mixings, standardizer);
    }

    private AugmentationSettings Visit(Fields f) => Type switch
    {
        "RandomCrop" => this with { Padding = f.Get("padding", Padding, Kinds.Integer(0), "Largest shift in pixels.") },
        "HorizontalFlip" or "VerticalFlip" => VisitProbability(f),
        "RandomAffine" => this with
        {
            Rotation = f.Get("rotation", Rotation, Kinds.Between(0, 180), "Largest angle of the rotation, in degrees."),
            Shift = f.Get("shift", Shift, Kinds.Between(0, 1), "Largest shift, as a share of the size."),
            Scale = f.Get("scale", Scale, Kinds.Between(0, 0.9), "Largest relative change of size."),
            Shear = f.Get("shear", Shear, Kinds.Between(0, 80), "Largest angle of the shear, in degrees."),
        },
        "Erase" => VisitErase(f),
        "Noise" => this with { Deviation = f.Get("deviation", Deviation, Kinds.NotNegative, "Standard deviation, in the unit of the source.") },
        "Brightness" => this with { Amount = f.Get("amount", Amount, Kinds.NotNegative, "Largest change, in the unit of the source.") },
        "Contrast" => this with { Amount = f.Get("amount", Amount, Kinds.Between(0, 1), "Largest change of the factor.") },
        _ => VisitProbability(f) with { Alpha = f.Get("alpha", Alpha, Kinds.Positive, "Parameter of the beta distribution; small ones mix little.") },
    };

    private AugmentationSettings VisitProbability(Fields f) => this with
    {
        Probability = f.Get("probability", Probability, Kinds.Between(0, 1), "Part of the samples that are changed."),
    };

    private AugmentationSettings VisitErase(Fields f)
    {
        AugmentationSettings visited = VisitProbability(f);
        visited = visited with
        {
            MinimumArea = f.Get("minimumArea", MinimumArea, Kinds.Between(0, 1), "Smallest share that is erased."),
            MaximumArea = f.Get("maximumArea", MaximumArea, Kinds.Between(0, 1), "Largest share that is erased."),
        };
        f.Check(visited.MinimumArea <= visited.MaximumArea, "maximumArea", $"a share of at least minimumArea, {visited.MinimumArea}", $"{visited.MaximumArea}");
        return visited;
    }
}
