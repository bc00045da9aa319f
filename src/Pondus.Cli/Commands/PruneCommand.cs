using System.CommandLine;
using Pondus.Cli.Output;
using Pondus.Formats;
using Pondus.Weights;

namespace Pondus.Cli.Commands;

/// <summary><c>pondus prune</c>.</summary>
internal static class PruneCommand
{
    public static void Fill(Command command, CommandContext context)
    {
        Argument<string> source = new("in") { Description = "A weights file of any format, or the folder of a run." };
        Argument<string> target = new("out") { Description = "The file to write; an existing one is replaced in one step." };
        Option<double> share = new("--share") { Description = "The share of the weights that become zero, from 0 to 1.", Required = true, HelpName = "x" };
        Option<string> method = new("--method") { Description = "magnitude: the smallest absolute values go.", DefaultValueFactory = static _ => "magnitude", HelpName = "name" };
        Option<string> scope = new("--scope") { Description = "tensor: the share of each tensor; global: the smallest of all tensors together.", DefaultValueFactory = static _ => "tensor", HelpName = "name" };
        Option<string[]> only = new("--only") { Description = "Prune tensors of these names; * stands for any letters. Without this all matrices and kernels, but no vectors.", HelpName = "pattern" };
        Option<string?> format = WeightArguments.Format();
        command.Description = """
            Sets the weights of least magnitude to zero, and says what that changes.
            Sizes stay: the file becomes smaller only when it is packed.

            Examples:
              pondus prune model.safetensors sparse.safetensors --share 0.5
              pondus prune model.pth sparse.safetensors --share 0.8 --scope global --only "*.conv*.weight"
            """;
        command.Add(source);
        command.Add(target);
        foreach (Option option in (Option[])[share, method, scope, only, format])
        {
            command.Add(option);
        }

        command.SetAction(async (result, cancellationToken) =>
        {
            double wanted = result.GetRequiredValue(share);
            if (!(wanted >= 0 && wanted <= 1))
            {
                throw new UsageException($"--share: expected a number from 0 to 1, got {wanted}.");
            }

            string way = result.GetRequiredValue(method), within = result.GetRequiredValue(scope), from = result.GetRequiredValue(source);
            if (way != "magnitude")
            {
                throw new UsageException($"--method: expected magnitude, got '{way}'.");
            }

            if (within is not ("tensor" or "global"))
            {
                throw new UsageException($"--scope: expected tensor or global, got '{within}'.");
            }

            PruningOptions options = new() { Share = wanted, IsGlobal = within == "global", Only = result.GetValue(only) ?? [], Format = WeightArguments.FormatOf(result.GetValue(format)) };
            using WeightFile file = WeightArguments.Open(from);
            OperationReport report = await WeightWork.RunAsync(
                context,
                result.GetValue(context.Quiet),
                progress => WeightPruning.Prune(file, result.GetRequiredValue(target), options, progress, cancellationToken));
            return OperationText.Show(context, result.GetValue(context.Json), from, report, OperationText.WritePruning);
        });
    }
}
