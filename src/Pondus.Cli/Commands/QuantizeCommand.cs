using System.CommandLine;
using Pondus.Cli.Output;
using Pondus.Formats;
using Pondus.Weights;

namespace Pondus.Cli.Commands;

/// <summary><c>pondus quantize</c>.</summary>
internal static class QuantizeCommand
{
    public static void Fill(Command command, CommandContext context)
    {
        Argument<string> source = new("in") { Description = "A weights file of any format, or the folder of a run." };
        Argument<string> target = new("out") { Description = "The file to write; an existing one is replaced in one step." };
        Option<string> type = new("--to") { Description = $"One of {string.Join(", ", WeightQuantization.DataTypes)}.", Required = true, HelpName = "type" };
        Option<string[]> keep = new("--keep") { Description = "Leave tensors of these names as they are; * stands for any letters.", HelpName = "pattern" };
        Option<string?> format = WeightArguments.Format("--format");
        command.Description = """
            Keeps few bits of each weight, and says what that costs.
            int8: a scale for each output channel; x is stored as int8 beside x.scale (float32), value = int8 * scale.
            The others are GGUF's blocks, for .gguf files. Vectors, and rows that fill no whole blocks, stay as they are.

            Examples:
              pondus quantize model.safetensors small.safetensors --to int8
              pondus quantize model.safetensors model.gguf --to q8_0 --keep "*embed*"
            """;
        command.Add(source);
        command.Add(target);
        foreach (Option option in (Option[])[type, keep, format])
        {
            command.Add(option);
        }

        command.SetAction(async (result, cancellationToken) =>
        {
            string from = result.GetRequiredValue(source);
            QuantizationOptions options = new() { DataType = result.GetRequiredValue(type).ToLowerInvariant(), Keep = result.GetValue(keep) ?? [], Format = WeightArguments.FormatOf(result.GetValue(format)) };
            using WeightFile file = WeightArguments.Open(from);
            OperationReport report = await WeightWork.RunAsync(
                context,
                result.GetValue(context.Quiet),
                progress => WeightQuantization.Quantize(file, result.GetRequiredValue(target), options, progress, cancellationToken));
            return OperationText.Show(context, result.GetValue(context.Json), from, report, OperationText.WriteQuantization);
        });
    }
}
