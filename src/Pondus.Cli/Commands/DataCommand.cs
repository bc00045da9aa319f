using System.CommandLine;
using Pondus.Cli.Output;
using Pondus.Data;

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
        IReadOnlyList<DataSetEntry> entries = DataSetEntry.All();
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
        DataSetEntry entry = Find(name);
        if (!entry.IsGenerated && entry.Folder is null)
        {
            FetchLines progress = new(quiet ? TextWriter.Null : context.Error, name, context.Time);
            entry = entry with { Folder = await KnownDatasets.FetchAsync(name, progress, cancellationToken) };
        }

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

    private static DataSetEntry Find(string name)
    {
        IReadOnlyList<DataSetEntry> known = DataSetEntry.All();
        IEnumerable<string> names = known.Select(static e => e.Name);
        return known.FirstOrDefault(e => e.Name == name)
            ?? throw new ArgumentException($"data: expected one of {string.Join(", ", names)}, got '{name}'.{NearestName.Hint(name, names)}");
    }

    private static string Place(DataSetEntry entry) => entry.IsGenerated ? "(generated)" : entry.Folder ?? "(not here)";
}
