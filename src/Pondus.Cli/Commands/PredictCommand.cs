using System.CommandLine;
using Pondus.Cli.Output;
using Pondus.Runs;

namespace Pondus.Cli.Commands;

/// <summary><c>pondus predict</c>.</summary>
internal static class PredictCommand
{
    public static void Fill(Command command, CommandContext context)
    {
        Argument<string> run = new("run") { Description = "Folder of a run." };
        Argument<string> input = new("input") { Description = "A table like the one of the training, with or without the target, an IDX file of pictures, or a text." };
        command.Description = """
            Answers for every sample of a file, with the best weights of a run.

            Example:
              pondus predict runs/iris flowers.csv
            """;
        command.Add(run);
        command.Add(input);
        command.SetAction(async (result, cancellationToken) =>
        {
            string file = result.GetRequiredValue(input);
            string folder = RunArgument.Check(result.GetRequiredValue(run));
            PredictOutcome outcome = await Task.Run(() => PredictOutcome.Of(TrainedRun.Load(folder), file), CancellationToken.None).WaitAsync(cancellationToken);
            if (result.GetValue(context.Json))
            {
                OutputJson.Print(context.Out, outcome, OutputJson.Default.PredictOutcome);
                return ExitCode.Done;
            }

            foreach (Prediction prediction in outcome.Predictions)
            {
                string values = string.Join(' ', prediction.Values.Select(static v => NumberText.Short(v)));
                string label = prediction.Label ?? prediction.Class?.ToString() ?? string.Empty;
                context.Out.WriteLine(label.Length > 0 ? $"{prediction.Index}\t{label}\t{values}" : $"{prediction.Index}\t{values}");
            }

            return ExitCode.Done;
        });
    }
}
