using Pondus.Data;

namespace Pondus.Experiments;

/// <summary>Reads or makes the samples that an experiment names.</summary>
internal static class DataSources
{
    /// <summary>Loads the samples and, where the source has one, its own test part.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="classNames">Classes that are known already; null takes those found.</param>
    public static LoadedData Load(Experiment experiment, IReadOnlyList<string>? classNames = null)
    {
        RandomSource random = new RandomSource(experiment.Seed).Stream("data");
        (Dataset All, Dataset? Test) loaded = experiment.Data switch
        {
            LettersDataSettings letters => (Letters.Generate(letters.Count, random, new LettersOptions { Size = letters.Size, Noise = (float)letters.Noise }), null),
            LineDataSettings line => (Line.Generate(line.Count, random, (float)line.Slope, (float)line.Intercept, (float)line.Noise), null),
            CsvDataSettings csv => Csv(csv, classNames ?? []),
            IdxDataSettings idx => Idx(idx, classNames ?? []),
            TextDataSettings text => (TextSources.Whole(text, classNames ?? []), null),
            _ => throw new ExperimentException("data.source", "a known source", experiment.Data.Source),
        };
        if (experiment.Model is NetworkSettings { ReconstructsInputs: true })
        {
            return new LoadedData(Reconstruction(loaded.All, experiment.Loss), loaded.Test is null ? null : Reconstruction(loaded.Test, experiment.Loss), []);
        }

        return new LoadedData(ForLoss(loaded.All, experiment.Loss), loaded.Test is null ? null : ForLoss(loaded.Test, experiment.Loss), loaded.All.ClassNames);
    }

    private static (Dataset All, Dataset? Test) Csv(CsvDataSettings settings, IReadOnlyList<string> classNames)
    {
        CsvOptions options = new()
        {
            Path = settings.Path,
            Separator = settings.Separator?[0],
            HasHeader = settings.Header,
            SkipRows = settings.SkipRows,
            Target = settings.Target,
            Ignored = settings.Ignored,
            Task = settings.Task,
            ClassNames = classNames,
        };
        Dataset all = CsvDataset.Load(options);
        return (all, settings.TestPath is null ? null : CsvDataset.Load(options with { Path = settings.TestPath, ClassNames = all.ClassNames }));
    }

    private static (Dataset All, Dataset? Test) Idx(IdxDataSettings settings, IReadOnlyList<string> classNames)
    {
        KnownDataset? known = settings.Dataset is null ? null : KnownDatasets.Get(settings.Dataset);
        string folder = settings.Path ?? KnownDatasets.Find(known!.Name) ?? throw new DataFormatException(
            known.Name, $": expected the data set on this machine, got none. Run: pondus data get {known.Name}");
        // Names that are known already are those of the kept labels alone, so they cannot name all labels of the file.
        IReadOnlyList<string> names = known?.ClassNames ?? (settings.Classes is null ? classNames : []);
        ImageOptions options = new() { ClassNames = names, KeptLabels = settings.Classes ?? [] };
        Dataset all = ImageDataset.Load(FileOf(folder, settings.Images), FileOf(folder, settings.Labels), options);
        Dataset? test = settings.TestImages is null ? null : ImageDataset.Load(FileOf(folder, settings.TestImages), FileOf(folder, settings.TestLabels!), options);
        return (all, test);
    }

    /// <summary>Finds a file under its name, or under its name with the ending that compression adds.</summary>
    private static string FileOf(string folder, string name)
    {
        string plain = Path.Combine(folder, name);
        return File.Exists(plain) || !File.Exists(plain + ".gz") ? plain : plain + ".gz";
    }

    /// <summary>The targets are the inputs, as they come from their source.</summary>
    private static Dataset Reconstruction(Dataset data, LossSettings loss) => loss.Type == "CrossEntropy"
        ? throw new ExperimentException("loss.type", "a loss for numbers such as MeanSquaredError, since the inputs themselves are the targets", loss.Type)
        : new Dataset(data.Inputs, data.InputShape, data.Inputs, data.InputShape, data.InputNames);

    /// <summary>A yes-or-no loss wants the classes as the numbers 0 and 1, or -1 and 1.</summary>
    private static Dataset ForLoss(Dataset data, LossSettings loss)
    {
        if (data.Labels is not { } labels)
        {
            return loss.Task == LossTask.Classes
                ? throw new ExperimentException("loss.type", "a loss for numbers such as MeanSquaredError, since the target is a number", loss.Type)
                : data;
        }

        if (loss.Task == LossTask.Classes)
        {
            return data;
        }

        bool signs = loss.Task == LossTask.Signs;
        return (signs || loss.Task == LossTask.YesOrNo) && data.ClassCount == 2
            ? new Dataset(data.Inputs, data.InputShape, Array.ConvertAll(labels, l => signs ? (2f * l) - 1f : l), [1], data.InputNames)
            : throw new ExperimentException("loss.type", $"CrossEntropy, since the target has {data.ClassCount} classes", loss.Type);
    }
}
