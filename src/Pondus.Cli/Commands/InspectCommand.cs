using System.CommandLine;
using Pondus.Cli.Output;
using Pondus.Data;
using Pondus.Formats;
using Pondus.Formats.PyTorch;
using Pondus.Weights;

namespace Pondus.Cli.Commands;

/// <summary><c>pondus inspect</c>.</summary>
internal static class InspectCommand
{
    private const int HistogramBins = 20;

    public static void Fill(Command command, CommandContext context)
    {
        Argument<string> file = new("file") { Description = "A weights file of any format, whose content decides which, or the folder of a run." };
        Option<string?> tensor = new("--tensor") { Description = "Look at one tensor in detail: histogram, first values, spectrum.", HelpName = "name" };
        Option<bool> spectrum = new("--spectrum")
        {
            Description = "Decompose every matrix: effective rank and power-law exponent. Without it this is done where it takes about a second; a matrix of 2,000 x 2,000 takes some seconds, and memory for the square of its shorter side.",
        };
        Option<bool> noHash = new("--no-hash") { Description = "Compute no SHA-256, which takes about half the time." };
        command.Description = """
            Shows what is in a weights file and whether it is healthy: names, sizes, statistics, hashes, lineage;
            NaN, dead rows, duplicates, wasted precision. Nothing in the file is run, and a file may be larger than memory.

            Examples:
              pondus inspect model.safetensors
              pondus inspect model.safetensors --tensor layers.0.weight
              pondus inspect model.safetensors --spectrum --json
            """;
        command.Add(file);
        foreach (Option option in (Option[])[tensor, spectrum, noHash])
        {
            command.Add(option);
        }

        command.SetAction(async (result, cancellationToken) =>
        {
            string path = WeightArguments.PathOf(result.GetRequiredValue(file));
            string? name = result.GetValue(tensor);
            using WeightFile weights = Open(path);
            Check(weights, name);
            InspectionOptions options = new()
            {
                Tensor = name,
                Hashes = !result.GetValue(noHash),
                Spectra = result.GetValue(spectrum) ? SpectrumChoice.All : SpectrumChoice.IfQuick,
            };
            (Inspection inspection, Dictionary<string, WeightHistogram> histograms) = await WeightWork.RunAsync(context, result.GetValue(context.Quiet), progress =>
            {
                Inspection found = Inspection.Of(weights, options, progress, cancellationToken);
                return (found, name is null ? [] : Histograms(found));
            });
            if (result.GetValue(context.Json))
            {
                OutputJson.Print(context.Out, InspectionOutput.Of(inspection, histograms), OutputJson.Default.InspectionOutput);
                return ExitCode.Done;
            }

            InspectionText text = new(context.Out, context.OutWidth);
            if (name is null)
            {
                text.Write(inspection, File.Exists(path) ? new FileInfo(path).Length : null);
            }
            else
            {
                InspectionTensor one = inspection.Tensors[0];
                InspectionTensorText.Write(context.Out, one, histograms.GetValueOrDefault(name), WeightHistogram.FirstValues(one.Entry, HistogramBins));
                text.WriteLeftOut(inspection);
                text.WriteEnd(inspection);
            }

            return ExitCode.Done;
        });
    }

    // To look costs nothing, so a file that would run code is shown with what it would run; every other command refuses it.
    private static WeightFile Open(string path) =>
        WeightFormats.Detect(path) is PyTorchFormat ? PyTorchFile.Open(path, listThreats: true) : WeightFile.Open(path);

    private static void Check(WeightFile weights, string? name)
    {
        if (name is not null && weights.Find(name) is null)
        {
            throw new ArgumentException($"{weights.Path}: expected a tensor '{name}', got {weights.Entries.Count} others.{NearestName.Hint(name, weights.Entries.Select(static entry => entry.Name))}");
        }
    }

    private static Dictionary<string, WeightHistogram> Histograms(Inspection inspection) => inspection.Tensors
        .Where(static tensor => tensor.Statistics is not null)
        .Select(static tensor => (tensor.Entry.Name, Histogram: WeightHistogram.Of(tensor.Entry, tensor.Statistics!.Min, tensor.Statistics.Max, HistogramBins)))
        .Where(static pair => pair.Histogram is not null)
        .ToDictionary(static pair => pair.Name, static pair => pair.Histogram!, StringComparer.Ordinal);
}
