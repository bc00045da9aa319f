using System.CommandLine;
using System.Text.Json.Nodes;
using Pondus.Cli.Output;
using Pondus.Data;
using Pondus.Runs;
using Pondus.Training;

namespace Pondus.Cli.Commands;

/// <summary><c>pondus evaluate</c>.</summary>
internal static class EvaluateCommand
{
    public static void Fill(Command command, CommandContext context)
    {
        Argument<string> run = new("run") { Description = "Folder of a run." };
        Option<string?> data = new("--data") { Description = "Measure on these data instead of the run's test part: a table, a text, or a folder of IDX files.", HelpName = "path" };
        command.Description = """
            Measures the best weights of a run: the loss and the metrics of the test part.

            Example:
              pondus evaluate runs/letters
            """;
        command.Add(run);
        command.Add(data);
        command.SetAction(async (result, cancellationToken) =>
        {
            string folder = RunArgument.Check(result.GetRequiredValue(run));
            string? path = result.GetValue(data);
            // Interrupted, the command ends at once; there is nothing to be put in order first.
            (string part, EvaluationResult measured) = await Task.Run(() => Measure(TrainedRun.Load(folder), path), CancellationToken.None).WaitAsync(cancellationToken);
            if (result.GetValue(context.Json))
            {
                OutputJson.Print(context.Out, Document(folder, part, measured), OutputJson.Default.JsonObject);
                return ExitCode.Done;
            }

            TextTable table = new();
            table.Add("loss", NumberText.Short(measured.Loss));
            foreach ((string name, double value) in measured.Metrics)
            {
                table.Add(name, NumberText.Short(value));
            }

            table.Add("samples", $"{measured.Count:N0} ({part})");
            table.Write(context.Out);
            return ExitCode.Done;
        });
    }

    private static (string Part, EvaluationResult Result) Measure(TrainedRun run, string? path)
    {
        if (path is not null)
        {
            return (path, run.Evaluate(RunSamples.Load(run, path)));
        }

        (string part, Dataset prepared) = RunSamples.Own(run);
        return (part, run.EvaluatePrepared(prepared));
    }

    // Loss and metrics stand beside the run; JSON has no number for NaN and infinity, so they become texts as everywhere in the output.
    private static JsonObject Document(string folder, string part, EvaluationResult measured)
    {
        JsonObject document = new() { ["run"] = folder, ["data"] = part, ["samples"] = measured.Count, ["loss"] = Number(measured.Loss) };
        foreach ((string name, double value) in measured.Metrics)
        {
            document[name] = Number(value);
        }

        return document;
    }

    private static JsonValue Number(double value) => double.IsFinite(value) ? JsonValue.Create(value) : JsonValue.Create($"{value}");
}
