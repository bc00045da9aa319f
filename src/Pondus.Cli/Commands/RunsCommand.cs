using System.CommandLine;
using Pondus.Cli.Output;

namespace Pondus.Cli.Commands;

/// <summary><c>pondus runs</c>.</summary>
internal static class RunsCommand
{
    public static void Fill(Command command, CommandContext context)
    {
        Argument<string> folder = new("dir") { Description = "Folder that holds runs.", DefaultValueFactory = static _ => "runs" };
        command.Description = """
            Lists the runs in a folder: how far they came and what they reached.

            Example:
              pondus runs runs
            """;
        command.Add(folder);
        command.SetAction(result => Run(result.GetRequiredValue(folder), result.GetValue(context.Json), result.GetValue(context.Quiet), context));
    }

    private static int Run(string folder, bool json, bool quiet, CommandContext context)
    {
        if (!Directory.Exists(folder))
        {
            throw new DirectoryNotFoundException($"{folder}: expected a folder with runs, got nothing there. pondus train makes one.");
        }

        RunOutput[] runs = [.. Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal).Select(RunOutput.Read).OfType<RunOutput>()];
        if (json)
        {
            OutputJson.Print(context.Out, new RunsOutput(folder, runs), OutputJson.Default.RunsOutput);
            return ExitCode.Done;
        }

        if (runs.Length == 0)
        {
            if (!quiet)
            {
                context.Error.WriteLine($"No runs in {folder}.");
            }

            return ExitCode.Done;
        }

        TextTable table = new();
        table.Add("run", "status", "epochs", "steps", "time", "test");
        foreach (RunOutput run in runs)
        {
            string test = string.Join("  ", (run.Test ?? new Dictionary<string, double>(StringComparer.Ordinal)).Select(static t => $"{t.Key} {NumberText.Short(t.Value)}"));
            table.Add(run.Name, run.Status, $"{run.Epochs:N0}", $"{run.Steps:N0}", run.Seconds is double seconds ? NumberText.Duration(seconds) : string.Empty, test);
        }

        table.Write(context.Out, 2, 3, 4);
        return ExitCode.Done;
    }
}
