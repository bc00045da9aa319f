using System.Globalization;
using System.Text.Json;
using Pondus.Data;
using Pondus.Experiments;
using Pondus.Formats;

namespace Pondus.Runs;

/// <summary>What a weights file says about itself beside the weights: sizes, classes, standardization and lineage.</summary>
/// <param name="InputShape">Sizes of one sample.</param>
/// <param name="OutputCount">Number of outputs.</param>
/// <param name="ClassNames">Names of the classes; empty for numbers.</param>
/// <param name="Standardizer">What inputs go through before the network, or null.</param>
public sealed record ModelCard(Shape InputShape, int OutputCount, IReadOnlyList<string> ClassNames, Standardizer? Standardizer)
{
    private const string InputKey = "pondus.input_shape";
    private const string OutputKey = "pondus.outputs";
    private const string ClassesKey = "pondus.classes";
    private const string MeanKey = "pondus.input_mean";
    private const string DeviationKey = "pondus.input_deviation";

    /// <summary>Describes the model of an experiment.</summary>
    internal static ModelCard Of(ExperimentData data) => new(data.Training.InputShape, OutputsOf(data.Training), data.ClassNames, data.Standardizer);

    internal static int OutputsOf(Dataset data) => data.Labels is not null ? data.ClassCount : data.TargetShape.Count;

    /// <summary>Writes the card and the lineage as metadata; <c>format</c> tells other libraries that names and layouts are PyTorch's.</summary>
    internal Dictionary<string, string> ToMetadata(Experiment experiment, RunRecord record)
    {
        Dictionary<string, string> metadata = new(StringComparer.Ordinal)
        {
            ["format"] = "pt",
            [InputKey] = JsonSerializer.Serialize(InputShape.ToArray(), RunJson.Default.Int32Array),
            [OutputKey] = OutputCount.ToString(CultureInfo.InvariantCulture),
            [ClassesKey] = JsonSerializer.Serialize([.. ClassNames], RunJson.Default.StringArray),
        };
        Lineage.AddTo(metadata, experiment, record);
        if (Standardizer is { } standardizer)
        {
            metadata[MeanKey] = JsonSerializer.Serialize(standardizer.Mean, RunJson.Default.SingleArray);
            metadata[DeviationKey] = JsonSerializer.Serialize(standardizer.Deviation, RunJson.Default.SingleArray);
        }

        return metadata;
    }

    /// <summary>Reads the card from metadata.</summary>
    internal static ModelCard Read(string path, IReadOnlyDictionary<string, string> metadata)
    {
        string Text(string key) => metadata.TryGetValue(key, out string? value)
            ? value
            : throw new WeightFormatException(path, 0, $"expected metadata '{key}', got none. The file was not written by a run of Pondus.");
        try
        {
            Shape input = new(JsonSerializer.Deserialize(Text(InputKey), RunJson.Default.Int32Array));
            string[] classes = JsonSerializer.Deserialize(Text(ClassesKey), RunJson.Default.StringArray) ?? [];
            Standardizer? standardizer = metadata.ContainsKey(MeanKey)
                ? new Standardizer(JsonSerializer.Deserialize(Text(MeanKey), RunJson.Default.SingleArray)!, JsonSerializer.Deserialize(Text(DeviationKey), RunJson.Default.SingleArray)!)
                : null;
            return new ModelCard(input, int.Parse(Text(OutputKey), CultureInfo.InvariantCulture), classes, standardizer);
        }
        catch (Exception error) when (error is JsonException or FormatException or ArgumentException)
        {
            throw new WeightFormatException(path, 0, $"expected metadata of a run of Pondus, got text that does not fit ({error.GetType().Name}).");
        }
    }
}
