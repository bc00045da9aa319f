using Pondus.Experiments.Settings;

namespace Pondus.Experiments;

/// <summary>Where samples come from and how they are fed.</summary>
public abstract record DataSettings
{
    private protected DataSettings()
    {
    }

    /// <summary>Gets the kind of source, as it is called in the file.</summary>
    public abstract string Source { get; }

    /// <summary>Gets how samples are divided.</summary>
    public SplitSettings Split { get; init; } = new();

    /// <summary>Gets how inputs are standardized.</summary>
    public Standardization Standardize { get; init; }

    /// <summary>Gets the number of samples of a step.</summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>Gets whether every epoch has its own order.</summary>
    public bool Shuffle { get; init; } = true;

    /// <summary>Gets the random changes of training samples, in their order; empty for none.</summary>
    public IReadOnlyList<AugmentationSettings> Augment { get; init; } = [];

    internal static Kind<DataSettings> Kind { get; } = new VariantKind<DataSettings>(
        "data",
        "source",
        static d => d.Source,
        static (d, f) => d.VisitSource(f).VisitCommon(f),
        new IdxDataSettings(),
        new CsvDataSettings { Path = string.Empty },
        new TextDataSettings(),
        new LettersDataSettings(),
        new LineDataSettings());

    internal abstract DataSettings VisitSource(Fields f);

    private DataSettings VisitCommon(Fields f)
    {
        DataSettings visited = VisitFeeding(f);
        bool isTable = visited is not TextDataSettings;
        f.Check(isTable || visited.Standardize == Standardization.None, "standardize", "none, since characters are no measurements", $"{visited.Standardize}");
        f.Check(isTable || visited.Split.Folds is null, "split", "no folds, since a text is divided by position", $"{visited.Split.Folds}");
        return visited;
    }

    private DataSettings VisitFeeding(Fields f) => this with
    {
        Split = f.Get("split", Split, SplitSettings.Kind, "How samples are divided."),
        Standardize = f.Get("standardize", Standardize, Kinds.Choice<Standardization>(), "How inputs are brought to mean 0 and deviation 1."),
        BatchSize = f.Get("batchSize", BatchSize, Kinds.Integer(1), "Number of samples of a step."),
        Shuffle = f.Get("shuffle", Shuffle, Kinds.Flag, "Whether every epoch has its own order."),
        Augment = f.Get("augment", Augment, Kinds.List(AugmentationSettings.Kind), "Random changes of training samples, in their order."),
    };
}
