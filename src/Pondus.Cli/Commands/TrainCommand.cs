using System.CommandLine;
using Pondus.Cli.Output;
using Pondus.Experiments;
using Pondus.Runs;

namespace Pondus.Cli.Commands;

/// <summary><c>pondus train</c>.</summary>
internal static class TrainCommand
{
    public static void Fill(Command command, CommandContext context)
    {
        Argument<string> experiment = new("experiment") { Description = "A recipe (see pondus recipes) or an experiment file." };
        Option<string?> data = new("--data") { Description = "Read the data from here instead.", HelpName = "path" };
        Option<string?> folder = new("--out", "-o") { Description = "The run's folder; without it a new one under runs/.", HelpName = "dir" };
        Option<bool> resume = new("--resume") { Description = "Continue the run in --out." };
        Option<string?> from = new("--from") { Description = "Start from these weights, of any format, or from those of a run.", HelpName = "file" };
        Option<string[]> head = new("--head") { Description = "Start parameters of these names anew, beside those of --from; * stands for any letters.", HelpName = "pattern" };
        Option<string[]> freeze = new("--freeze") { Description = "Leave parameters of these names as they are; * stands for any letters.", HelpName = "pattern" };
        Option<string[]> set = new("--set") { Description = "Change any setting, such as optimizer.learningRate=0.01.", HelpName = "key=value" };
        // What changes a setting is an edit of the experiment, so that its rules and messages are those of the file.
        (Option<string?> Option, string[] Settings)[] shortcuts =
        [
            (new("--epochs") { Description = "Number of epochs.", HelpName = "n" }, ["training.epochs", "training.steps"]),
            (new("--steps") { Description = "Number of steps.", HelpName = "n" }, ["training.steps", "training.epochs"]),
            (new("--batch-size") { Description = "Samples of a step.", HelpName = "n" }, ["data.batchSize"]),
            (new("--seed") { Description = "Seed of all randomness.", HelpName = "n" }, ["seed"]),
            (new("--threads") { Description = "Number of threads; results do not depend on it.", HelpName = "n" }, ["training.threads"]),
            (new("--lora") { Description = "Train maps of this rank beside frozen weights (LoRA).", HelpName = "rank" }, ["start.lora"]),
            (new("--monitor") { Description = "What goes into the event files: light, or off for none.", HelpName = "level" }, ["monitor.level"]),
        ];
        command.Description = """
            Trains a network as an experiment says, and keeps everything about it in a run's folder.

            Examples:
              pondus train letters
              pondus train my.json --epochs 20 --set optimizer.learningRate=0.01
              pondus train fashion --out runs/fashion --resume
              pondus train new.json --from runs/old/weights.safetensors --head "4.*" --freeze "0.*"
            """;
        command.Add(experiment);
        Option[] options = [data, folder, resume, from, head, freeze, set, .. shortcuts.Select(static s => s.Option)];
        foreach (Option option in options)
        {
            command.Add(option);
        }

        command.SetAction((result, cancellationToken) =>
        {
            if (result.GetValue(resume) && result.GetValue(folder) is null)
            {
                throw new UsageException("--resume: expected --out with the folder of the run to continue, got none.");
            }

            List<ExperimentEdit> edits = [];
            foreach ((Option<string?> option, string[] settings) in shortcuts)
            {
                if (result.GetValue(option) is string value)
                {
                    edits.Add(new ExperimentEdit(settings[0], value));
                    // Epochs and steps both end a training; the one that is given is the one that shall.
                    edits.AddRange(settings.Skip(1).Select(static s => new ExperimentEdit(s, "null")));
                }
            }

            AddStart(edits, result.GetValue(from), result.GetValue(head) ?? [], result.GetValue(freeze) ?? []);
            Experiment edited = Edit(ExperimentArgument.Load(result.GetRequiredValue(experiment)), result.GetValue(data), edits, result.GetValue(set) ?? []);
            TrainOptions how = new() { Folder = result.GetValue(folder), Resume = result.GetValue(resume) };
            return RunAsync(edited, how, context, result.GetValue(context.Json), result.GetValue(context.Quiet), cancellationToken);
        });
    }

    private static void AddStart(List<ExperimentEdit> edits, string? from, string[] head, string[] freeze)
    {
        if (from is not null)
        {
            edits.Insert(0, new ExperimentEdit("start.weights", JsonText(Path.GetFullPath(WeightArguments.PathOf(from)))));
        }

        foreach ((string setting, string[] patterns) in new[] { ("start.head", head), ("start.freeze", freeze) })
        {
            if (patterns.Length > 0)
            {
                edits.Add(new ExperimentEdit(setting, $"[{string.Join(',', patterns.Select(JsonText))}]"));
            }
        }
    }

    // As a JSON text, so that a path of digits stays a path.
    private static string JsonText(string text) => System.Text.Json.Nodes.JsonValue.Create(text).ToJsonString();

    private static Experiment Edit(Experiment experiment, string? data, List<ExperimentEdit> edits, string[] set)
    {
        if (data is not null)
        {
            if (experiment.Data is LettersDataSettings or LineDataSettings)
            {
                throw new UsageException($"--data: expected an experiment that reads files, got one whose data are generated ({experiment.Data.Source}).");
            }

            edits.Add(new ExperimentEdit("data.path", JsonText(Path.GetFullPath(data))));
        }

        try
        {
            edits.AddRange(set.Select(ExperimentEdit.Parse));
            return experiment.Apply(edits);
        }
        catch (FormatException e)
        {
            throw new UsageException($"--set: {e.Message}");
        }
        catch (ExperimentException e)
        {
            throw new UsageException(e.Message);
        }
    }

    private static async Task<int> RunAsync(Experiment experiment, TrainOptions options, CommandContext context, bool json, bool quiet, CancellationToken cancellationToken)
    {
        TrainingProgress progress = TrainingProgress.Create(context, quiet);
        ProgressObserver observer = new(progress, experiment, context.Time);
        RunOutcome run = await progress.RunAsync(() => Task.Run(
            () => new ExperimentRunner(context.Time).Train(experiment, options, observers: [observer], cancellationToken: cancellationToken), CancellationToken.None));
        foreach (string note in quiet ? [] : run.Record.Notes ?? [])
        {
            context.Error.WriteLine($"{experiment.Start!.Weights}: {WeightText.Safe(note)}");
        }

        TrainOutcome outcome = TrainOutcome.Of(run, experiment);
        if (json)
        {
            OutputJson.Print(context.Out, outcome, OutputJson.Default.TrainOutcome);
        }
        else
        {
            TrainSummary.Write(context.Out, outcome);
            if (context.IsOutTerminal && !quiet)
            {
                context.Out.WriteLine();
                LossChart.Write(context.Out, progress.History);
            }
        }

        return outcome.Status == RunRecord.Interrupted ? ExitCode.Interrupted : ExitCode.Done;
    }
}
