using Pondus.Data;
using Pondus.Experiments;
using Pondus.Text;

namespace Pondus.Runs;

/// <summary>Samples for a trained run: its own parts, or files like those it was trained on.</summary>
public static class RunSamples
{
    /// <summary>Loads the part of the run's own data that was kept for the end; without one the validation part, else the training part.</summary>
    /// <param name="run">The run.</param>
    /// <returns>Name of the part, and its samples as the network takes them.</returns>
    public static (string Part, Dataset Prepared) Own(TrainedRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        ExperimentData data = ExperimentData.Load(run.Experiment);
        return data.Test is { } test ? ("test", test) : data.Validation is { } validation ? ("validation", validation) : ("train", data.Training);
    }

    /// <summary>Loads samples with their targets from other data.</summary>
    /// <param name="run">The run.</param>
    /// <param name="path">A table, a text, or a folder of IDX files with the names that the experiment gives to its test part, else to all samples.</param>
    /// <returns>The samples as they come from their source.</returns>
    public static Dataset Load(TrainedRun run, string path)
    {
        ArgumentNullException.ThrowIfNull(run);
        DataSettings settings = run.Experiment.Data switch
        {
            CsvDataSettings csv => csv with { Path = path, TestPath = null },
            IdxDataSettings { TestImages: { } images, TestLabels: { } labels } idx => idx with { Path = path, Images = images, Labels = labels, TestImages = null, TestLabels = null },
            IdxDataSettings idx => idx with { Path = path },
            TextDataSettings text => text with { Path = path },
            _ => throw new ArgumentException($"--data: expected a run that reads files, got one whose data are generated ({run.Experiment.Data.Source}).", nameof(path)),
        };
        return Checked(run, DataSources.Load(run.Experiment with { Data = settings }, run.Card.ClassNames).All, path);
    }

    /// <summary>Loads inputs alone; a target column or labels are not needed.</summary>
    /// <param name="run">The run.</param>
    /// <param name="path">A table with the columns of the training data (the target may be there too), an IDX file of pictures, or a text.</param>
    /// <returns>The inputs, one sample after the other, as they come from their source.</returns>
    public static float[] LoadInputs(TrainedRun run, string path)
    {
        ArgumentNullException.ThrowIfNull(run);
        return run.Experiment.Data switch
        {
            CsvDataSettings or LineDataSettings => Table(run, path),
            TextDataSettings => Characters(run, path),
            _ => Pictures(run, path),
        };
    }

    private static float[] Characters(TrainedRun run, string path)
    {
        int[] tokens = new Vocabulary(run.Card.ClassNames).Encode(PlainText.Read(path));
        int context = run.Card.InputShape.Count, count = tokens.Length / context;
        return count > 0
            ? Array.ConvertAll(tokens[..(count * context)], static token => (float)token)
            : throw new DataFormatException(path, $": expected at least {context} characters, the context of the network, got {tokens.Length}.");
    }

    private static float[] Pictures(TrainedRun run, string path)
    {
        IdxFile images = IdxFile.Load(path);
        Shape sample = run.Card.InputShape;
        ReadOnlySpan<int> sizes = images.Shape.ToArray().AsSpan(1), wanted = sample.ToArray();
        // A file keeps gray pictures without their one channel, and the channels of colored ones last.
        int channels = wanted.Length == 3 ? wanted[0] : 1;
        ReadOnlySpan<int> plane = wanted[(wanted.Length == 3 ? 1 : 0)..];
        bool isGray = channels == 1 && sizes.SequenceEqual(plane);
        bool isInterleaved = channels > 1 && sizes.SequenceEqual([.. plane, channels]);
        if (!isGray && !isInterleaved && !sizes.SequenceEqual(wanted))
        {
            throw new DataFormatException(path, $": expected pictures of {sample}, got {images.Shape}, the first size being their number.");
        }

        float[] values = images.ToSingle();
        float scale = images.Type == IdxType.UInt8 ? 255f : 1f;
        float[] inputs = new float[values.Length];
        int pixels = sample.Count / channels;
        for (int i = 0; i < values.Length; i++)
        {
            int start = i - (i % sample.Count), at = i - start;
            inputs[isInterleaved ? start + (at % channels * pixels) + (at / channels) : i] = values[i] / scale;
        }

        return inputs;
    }

    private static float[] Table(TrainedRun run, string path)
    {
        CsvDataSettings settings = run.Experiment.Data as CsvDataSettings ?? new CsvDataSettings { Path = path };
        CsvTable table = CsvTable.Read(new CsvOptions { Path = path, Separator = settings.Separator?[0], HasHeader = settings.Header, SkipRows = settings.SkipRows });
        int expected = run.Card.InputShape.Count;
        HashSet<int> left = [];
        int surplus = table.ColumnNames.Count - expected;
        if (surplus > 0)
        {
            left.UnionWith(settings.Ignored.Select(table.ColumnIndex));
            if (surplus > left.Count)
            {
                left.Add(table.ColumnIndex(settings.Target));
            }
        }

        int[] columns = [.. Enumerable.Range(0, table.ColumnNames.Count).Where(column => !left.Contains(column))];
        if (columns.Length != expected)
        {
            throw new DataFormatException(path, $": expected {expected} columns as in the training data, with or without the target, got {table.ColumnNames.Count}.");
        }

        return [.. Enumerable.Range(0, table.RowCount).SelectMany(row => columns.Select(column => table.Number(row, column)))];
    }

    private static Dataset Checked(TrainedRun run, Dataset data, string path) => data.InputShape == run.Card.InputShape
        ? data
        : throw new DataFormatException(path, $": expected samples of {run.Card.InputShape} as in the training data, got {data.InputShape}.");
}
