using System.Text.Json.Nodes;
using Pondus.Experiments.Settings;

namespace Pondus.Experiments;

/// <summary>Everything that decides a training: data, network, loss, optimizer and limits. The file's content, typed and checked.</summary>
public sealed record Experiment
{
    /// <summary>The version of the file format that this library reads and writes.</summary>
    public const int CurrentSchemaVersion = 1;

    /// <summary>Gets the version of the file format.</summary>
    public int SchemaVersion { get; init; } = CurrentSchemaVersion;

    /// <summary>Gets the name, which the run's folder takes.</summary>
    public string Name { get; init; } = "experiment";

    /// <summary>Gets the seed of all randomness.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Gets the data.</summary>
    public required DataSettings Data { get; init; }

    /// <summary>Gets the network.</summary>
    public required ModelSettings Model { get; init; }

    /// <summary>Gets what training starts from, or null for the initializers' weights.</summary>
    public StartSettings? Start { get; init; }

    /// <summary>Gets the loss.</summary>
    public required LossSettings Loss { get; init; }

    /// <summary>Gets the metrics; empty takes those that fit the loss.</summary>
    public IReadOnlyList<string> Metrics { get; init; } = [];

    /// <summary>Gets the optimizer.</summary>
    public OptimizerSettings Optimizer { get; init; } = new AdamSettings();

    /// <summary>Gets the schedule of the learning rate.</summary>
    public ScheduleSettings Schedule { get; init; } = new ConstantSettings();

    /// <summary>Gets how long and under which limits training goes on.</summary>
    public TrainingSettings Training { get; init; } = new();

    /// <summary>Gets what is written down while training.</summary>
    public MonitorSettings Monitor { get; init; } = new();

    internal static SectionKind<Experiment> Kind { get; } = new(
        new Experiment { Data = null!, Model = null!, Loss = null! },
        static (e, f) => e.Visit(f),
        shorthand: null,
        "$schema");

    /// <summary>Writes the experiment as a file, with every default filled in.</summary>
    /// <returns>Indented JSON that ends in a line feed.</returns>
    public string ToJson() => JsonText.Write(Kind.Write(this, sparse: false)!);

    /// <summary>Makes an experiment with some settings changed.</summary>
    /// <param name="edits">The changes, in order.</param>
    /// <returns>The changed experiment, checked like a file.</returns>
    /// <exception cref="ExperimentException">A setting does not exist or a value does not fit.</exception>
    public Experiment Apply(params IEnumerable<ExperimentEdit> edits)
    {
        ArgumentNullException.ThrowIfNull(edits);
        // Settings at their defaults are left out, so that changing a type does not leave the old type's settings behind.
        JsonObject tree = Kind.Write(this, sparse: true)!.AsObject();
        foreach (ExperimentEdit edit in edits)
        {
            try
            {
                edit.Apply(tree);
            }
            catch (ExperimentException)
            {
                if (Unfold(tree) is not { } unfolded)
                {
                    throw;
                }

                tree = unfolded;
                edit.Apply(tree);
            }
        }

        return Read(tree, folder: null);
    }

    /// <summary>Lists the settings in which another experiment differs, as the edits that lead from this one to it.</summary>
    /// <param name="other">The other experiment.</param>
    /// <returns>One change for each setting, in the order of the file; empty when both are equal.</returns>
    public IReadOnlyList<ExperimentChange> ChangesTo(Experiment other)
    {
        ArgumentNullException.ThrowIfNull(other);
        List<ExperimentChange> changes = [];
        ExperimentChange.Collect(Kind.Write(this, sparse: false), Kind.Write(other, sparse: false), string.Empty, changes);
        return changes;
    }

    internal static Experiment Read(JsonNode? tree, string? folder)
    {
        try
        {
            return Kind.Read(tree, new SettingPath(string.Empty, folder));
        }
        catch (InvalidOperationException e)
        {
            // JSON can escape half a surrogate pair, which no text in C# can be made from.
            throw new ExperimentException("experiment", $"expected text of whole characters, got: {e.Message}");
        }
    }

    /// <summary>Writes sections that an edit gave by their bare names as the objects that these stand for, which have settings to change; null when the tree does not read.</summary>
    private static JsonObject? Unfold(JsonObject tree)
    {
        try
        {
            return Kind.Write(Read(tree, folder: null), sparse: true)!.AsObject();
        }
        catch (ExperimentException)
        {
            return null;
        }
    }

    private Experiment Visit(Fields f)
    {
        Experiment visited = VisitAll(f);
        bool isJudged = visited.Training?.EarlyStopping is null || visited.Data?.Split.Validation > 0;
        f.Check(isJudged, "training.earlyStopping", "a validation part to judge by in data.split.validation", "none");
        f.Check(visited.Start is null || visited.Data?.Split.Folds is null, "start", "null with data.split.folds, since each fold starts from weights of its own", "a start");
        return visited;
    }

    private Experiment VisitAll(Fields f) => this with
    {
        SchemaVersion = f.Get("schemaVersion", SchemaVersion, Kinds.Integer(CurrentSchemaVersion, CurrentSchemaVersion), "Version of the file format."),
        Name = f.Get("name", Name, new RunNameKind(), "Name, which the run's folder takes."),
        Seed = (ulong)f.Get("seed", (long)Seed, Kinds.Long(0), "Seed of all randomness."),
        Data = f.Get("data", Data, DataSettings.Kind, "Where samples come from and how they are fed."),
        Model = f.Get("model", Model, ModelSettings.Kind, "The network: a list of layers, or a network by its name."),
        Start = f.Get("start", Start, Kinds.Optional(StartSettings.Kind), "What training starts from; null starts from the initializers."),
        Loss = f.Get("loss", Loss, LossSettings.Kind, "What training makes small."),
        Metrics = f.Get("metrics", Metrics, Kinds.List(Kinds.Name(MetricNames.All)), "What is measured beside the loss; empty takes what fits the loss."),
        Optimizer = f.Get("optimizer", Optimizer, OptimizerSettings.Kind, "How weights are updated."),
        Schedule = f.Get("schedule", Schedule, ScheduleSettings.Kind, "How the learning rate changes."),
        Training = f.Get("training", Training, TrainingSettings.Kind, "How long and under which limits training goes on."),
        Monitor = f.Get("monitor", Monitor, MonitorSettings.Kind, "What is written down while training."),
    };
}
