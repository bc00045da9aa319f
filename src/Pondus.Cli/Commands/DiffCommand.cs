using System.CommandLine;
using Pondus.Cli.Output;
using Pondus.Formats;
using Pondus.Weights;

namespace Pondus.Cli.Commands;

/// <summary><c>pondus diff</c>.</summary>
internal static class DiffCommand
{
    public static void Fill(Command command, CommandContext context)
    {
        Argument<string> first = new("first") { Description = "A weights file of any format, or the folder of a run." };
        Argument<string> second = new("second") { Description = "Another, of any format." };
        Option<string?> map = new("--map") { Description = "A file of names that says who is whose counterpart.", HelpName = "file" };
        Option<string?> saveMap = new("--save-map") { Description = "Write the mapping of names to a file, to be reviewed and used with --map.", HelpName = "file" };
        Option<bool> all = new("--all") { Description = "Show every tensor, equal ones too." };
        Option<bool> noRows = new("--no-rows") { Description = "Leave out the comparison of matrices by rows (CKA, Procrustes), which takes the most time." };
        Option<bool> fail = new("--fail-on-difference") { Description = "Exit with status 3 when a value differs or a tensor has no counterpart; without this the status is 0." };
        command.Description = """
            Compares two weights files, of one format or two: which tensors changed, and how much.
            Counterparts are found by name, by the names' spelling, by equal values, and by sizes.

            Examples:
              pondus diff before.safetensors after.safetensors
              pondus diff model.keras model.onnx --save-map names.json
              pondus diff model.safetensors model-q8_0.gguf --json
            """;
        command.Add(first);
        command.Add(second);
        foreach (Option option in (Option[])[map, saveMap, all, noRows, fail])
        {
            command.Add(option);
        }

        command.SetAction(async (result, cancellationToken) =>
        {
            string a = result.GetRequiredValue(first), b = result.GetRequiredValue(second);
            DifferenceOptions options = new() { ComparesRows = !result.GetValue(noRows), Map = result.GetValue(map) is string path ? WeightNameMap.Load(path) : null };
            bool json = result.GetValue(context.Json);
            using WeightFile fileA = WeightArguments.Open(a);
            using WeightFile fileB = WeightArguments.Open(b);
            WeightDifference difference = await WeightWork.RunAsync(
                context,
                result.GetValue(context.Quiet),
                progress => WeightDifference.Compare(fileA, fileB, options, progress, cancellationToken));
            if (result.GetValue(saveMap) is string target)
            {
                difference.Matching.ToMap().Save(target);
            }

            if (json)
            {
                OutputJson.Print(context.Out, DifferenceOutput.Of(fileA, fileB, difference), OutputJson.Default.DifferenceOutput);
            }
            else
            {
                DifferenceText.Write(context.Out, a, b, difference, result.GetValue(all), context.OutWidth);
            }

            return result.GetValue(fail) && !difference.HasSameValues ? ExitCode.Tripped : ExitCode.Done;
        });
    }
}
