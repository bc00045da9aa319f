using System.CommandLine;
using System.Text.Json.Nodes;
using Pondus.Cli.Output;
using Pondus.Experiments;
using Pondus.Runs;

namespace Pondus.Cli.Commands;

/// <summary><c>pondus verify</c>.</summary>
internal static class VerifyCommand
{
    public static void Fill(Command command, CommandContext context)
    {
        Argument<string> file = new("file") { Description = "A weights file of a run, or the run's folder." };
        (Option<string?> Option, string Setting)[] places =
        [
            (new("--data") { Description = "Where the data lie now.", HelpName = "path" }, "data.path"),
            (new("--from") { Description = "Where the weights lie now that training started from.", HelpName = "file" }, "start.weights"),
            (new("--threads") { Description = "Number of threads; results do not depend on it.", HelpName = "n" }, "training.threads"),
        ];
        command.Description = """
            Runs the experiment again that a weights file says it came from, and compares the bits of the weights.
            The exit status is 0 when they are equal, else 1. Bits are promised for one version and one kernel set.

            Example:
              pondus verify runs/letters/weights.safetensors
            """;
        command.Add(file);
        foreach ((Option<string?> option, _) in places)
        {
            command.Add(option);
        }

        command.SetAction(async (result, cancellationToken) =>
        {
            string path = WeightArguments.PathOf(result.GetRequiredValue(file));
            List<ExperimentEdit> edits = [];
            foreach ((Option<string?> option, string setting) in places)
            {
                if (result.GetValue(option) is { } value)
                {
                    string place = setting == "start.weights" ? WeightArguments.PathOf(value) : value;
                    edits.Add(new ExperimentEdit(setting, setting == "training.threads" ? value : JsonValue.Create(Path.GetFullPath(place)).ToJsonString()));
                }
            }

            if (!result.GetValue(context.Quiet))
            {
                context.Error.WriteLine($"{path}: repeating its training...");
            }

            Verification found = await Task.Run(() => Verification.Run(path, edits, context.Time, cancellationToken: cancellationToken), CancellationToken.None);
            if (result.GetValue(context.Json))
            {
                OutputJson.Print(context.Out, Document(found), OutputJson.Default.JsonObject);
            }
            else
            {
                Write(context.Out, found);
            }

            return found.IsSame ? ExitCode.Done : ExitCode.Failed;
        });
    }

    private static void Write(TextWriter writer, Verification found)
    {
        TextTable table = new();
        table.Add("file", found.Sha256);
        table.Add("repeated", found.RepeatedSha256);
        foreach (string difference in found.Differences)
        {
            table.Add("differs", difference);
        }

        table.Add("verdict", found.IsSame
            ? $"the same bits, in {NumberText.Short(found.Seconds)} s"
            : found.Differences.Count > 0 ? "other bits: what is listed above differs from what the file says" : "other bits: the weights were changed after the training");
        table.Write(writer);
    }

    private static JsonObject Document(Verification found) => new()
    {
        ["file"] = found.Path,
        ["same"] = found.IsSame,
        ["sha256"] = found.Sha256,
        ["repeatedSha256"] = found.RepeatedSha256,
        ["differences"] = new JsonArray([.. found.Differences.Select(static d => (JsonNode)d)]),
        ["seconds"] = found.Seconds,
    };
}
