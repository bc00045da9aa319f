using System.CommandLine;
using System.Text.Json.Nodes;
using Pondus.Cli.Output;
using Pondus.Cli.Services;

namespace Pondus.Cli.Commands;

/// <summary><c>pondus evaluate</c>.</summary>
internal static class EvaluateCommand
{
    public static void Fill(Command command, CommandContext context)
    {
        Argument<string> run = new("run") { Description = "Folder of a run." };
        Option<string?> data = new("--data") { Description = "Measure on these data instead of the run's test part.", HelpName = "path" };
        command.Description = """
            Measures the best weights of a run: the loss and the metrics of the test part.

            Example:
              pondus evaluate runs/letters
            """;
        command.Add(run);
        command.Add(data);
        command.SetAction(async (result, cancellationToken) =>
        {
            EvaluateRequest request = new(RunArgument.Check(result.GetRequiredValue(run)), result.GetValue(data));
            EvaluateOutcome outcome = await context.Runner.EvaluateAsync(request, cancellationToken);
            if (result.GetValue(context.Json))
            {
                OutputJson.Print(context.Out, Document(outcome), OutputJson.Default.JsonObject);
                return ExitCode.Done;
            }

            TextTable table = new();
            foreach ((string name, double value) in outcome.Results)
            {
                table.Add(name, NumberText.Short(value));
            }

            table.Add("data", outcome.Part);
            table.Add("samples", $"{outcome.Samples:N0}");
            table.Write(context.Out, 1);
            return ExitCode.Done;
        });
    }
    // Loss and metrics stand beside the run; JSON has no number for NaN and infinity, so they become texts as everywhere in the output.
    private static JsonObject Document(EvaluateOutcome outcome)
    {
        JsonObject document = new() { ["run"] = outcome.Run, ["samples"] = outcome.Samples };
        foreach ((string name, double value) in outcome.Results)
        {
            document[name] = double.IsFinite(value) ? JsonValue.Create(value) : JsonValue.Create($"{value}");
        }

        return document;
    }
}
