using System.CommandLine;
using System.Globalization;
using Pondus.Cli.Output;
using Pondus.Data;
using Pondus.Formats;
using Pondus.Weights;

namespace Pondus.Cli.Commands;

/// <summary><c>pondus merge</c>.</summary>
internal static class MergeCommand
{
    private static readonly (string Name, MergeMethod Method)[] s_methods =
        [("average", MergeMethod.Average), ("weighted", MergeMethod.Weighted), ("slerp", MergeMethod.Slerp), ("task-arithmetic", MergeMethod.TaskArithmetic)];

    public static void Fill(Command command, CommandContext context)
    {
        Argument<string> target = new("out") { Description = "The file to write; an existing one is replaced in one step." };
        Argument<string[]> sources = new("files") { Description = "The files or folders of runs to merge, with the same tensors.", Arity = ArgumentArity.OneOrMore };
        Option<string> method = new("--method") { Description = "average, weighted, slerp or task-arithmetic.", DefaultValueFactory = static _ => "average", HelpName = "name" };
        Option<string[]> weights = new("--weights") { Description = "A number for each file. They are divided by their sum, but not in task arithmetic.", HelpName = "numbers", AllowMultipleArgumentsPerToken = true };
        Option<string?> start = new("--base") { Description = "In task arithmetic the weights that the files were trained from.", HelpName = "file" };
        Option<double> scale = new("--scale") { Description = "In task arithmetic the factor of the summed changes.", DefaultValueFactory = static _ => 1.0, HelpName = "x" };
        Option<string?> format = WeightArguments.Format();
        command.Description = """
            Makes one set of weights of several, and says how far it is from each.
            average     the mean of all files
            weighted    the mean with --weights
            slerp       spherical interpolation between two files, --weights 0.7 0.3 to stay nearer to the first
            task-arithmetic   --base plus --scale times the sum of what each file changed in it

            Examples:
              pondus merge soup.safetensors a.safetensors b.safetensors c.safetensors
              pondus merge out.safetensors a.safetensors b.safetensors --method slerp --weights 0.7 0.3
              pondus merge out.safetensors math.safetensors code.safetensors --method task-arithmetic --base start.safetensors --scale 0.4
            """;
        command.Add(target);
        command.Add(sources);
        foreach (Option option in (Option[])[method, weights, start, scale, format])
        {
            command.Add(option);
        }

        command.SetAction(async (result, cancellationToken) =>
        {
            string name = result.GetRequiredValue(method);
            int index = Array.FindIndex(s_methods, known => known.Name == name);
            if (index < 0)
            {
                IEnumerable<string> names = s_methods.Select(static known => known.Name);
                throw new UsageException($"--method: expected one of {string.Join(", ", names)}, got '{name}'.{NearestName.Hint(name, names)}");
            }

            List<WeightFile> files = [];
            try
            {
                files.AddRange(result.GetRequiredValue(sources).Select(WeightArguments.Open));
                using WeightFile? origin = result.GetValue(start) is string path ? WeightArguments.Open(path) : null;
                MergingOptions options = new()
                {
                    Method = s_methods[index].Method,
                    Weights = [.. (result.GetValue(weights) ?? []).SelectMany(static text => text.Split(',', StringSplitOptions.RemoveEmptyEntries)).Select(Weight)],
                    Base = origin,
                    Scale = result.GetValue(scale),
                    Format = WeightArguments.FormatOf(result.GetValue(format)),
                };
                MergingReport report = await WeightWork.RunAsync(
                    context,
                    result.GetValue(context.Quiet),
                    progress => WeightMerging.Merge(files, result.GetRequiredValue(target), options, progress, cancellationToken));
                if (result.GetValue(context.Json))
                {
                    OutputJson.Print(context.Out, MergeOutput.Of(report), OutputJson.Default.MergeOutput);
                }
                else
                {
                    OperationText.Write(context.Out, report);
                }

                return ExitCode.Done;
            }
            finally
            {
                files.ForEach(static file => file.Dispose());
            }
        });
    }

    private static double Weight(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double weight)
        ? weight
        : throw new UsageException($"--weights: expected numbers such as 0.7 0.3, got '{text}'.");
}
