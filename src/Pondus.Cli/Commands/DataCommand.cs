using System.CommandLine;
using Pondus.Cli.Output;
using Pondus.Cli.Services;
using Pondus.Experiments;

namespace Pondus.Cli.Commands;

/// <summary><c>pondus data</c>.</summary>
internal static class DataCommand
{
    public static void Fill(Command command, CommandContext context)
    {
        command.Description = """
            Lists the data sets that Pondus knows, or fetches one.

            Examples:
              pondus data
              pondus data get fashion-mnist
            """;
        command.SetAction(result => List(context, result.GetValue(context.Json)));
        Command list = new("list", "Lists the data sets.");
        list.SetAction(result => List(context, result.GetValue(context.Json)));
        Argument<string> name = new("name") { Description = "Name of a data set." };
        Command get = new("get", "Finds a data set, or fetches it from its home page, and prints its folder.") { name };
        get.SetAction((result, cancellationToken) =>
            GetAsync(context, result.GetRequiredValue(name), result.GetValue(context.Json), result.GetValue(context.Quiet), cancellationToken));
        command.Add(list);
        command.Add(get);
    }

    private static int List(CommandContext context, bool json)
    {
        IReadOnlyList<DataSetEntry> entries = context.DataSets.List();
        if (json)
        {
            OutputJson.Print(context.Out, new DataSetsOutput(entries), OutputJson.Default.DataSetsOutput);
            return ExitCode.Done;
        }

        TextTable table = new();
        foreach (DataSetEntry entry in entries)
        {
            table.Add(entry.Name, Place(entry), entry.Summary);
        }

        table.Write(context.Out);
        return ExitCode.Done;
    }

    private static async Task<int> GetAsync(CommandContext context, string name, bool json, bool quiet, CancellationToken cancellationToken)
    {
        string[] known = [.. context.DataSets.List().Select(static e => e.Name)];
        if (!known.Contains(name, StringComparer.Ordinal))
        {
            string hint = NearestName.Find(name, known) is string nearest ? $" Did you mean {nearest}?" : string.Empty;
            throw new ExperimentException("data", $"expected one of {string.Join(", ", known)}, got '{name}'.{hint}");
        }

        FetchProgress progress = new(quiet ? TextWriter.Null : context.Error, name, context.Time);
        DataSetEntry entry = await context.DataSets.GetAsync(name, progress, cancellationToken);
        if (json)
        {
            OutputJson.Print(context.Out, entry, OutputJson.Default.DataSetEntry);
        }
        else
        {
            context.Out.WriteLine(entry.Folder ?? $"{name} is generated and needs no files.");
        }

        return ExitCode.Done;
    }

    private static string Place(DataSetEntry entry) => entry.IsGenerated ? "(generated)" : entry.Folder ?? "(not here)";
}
