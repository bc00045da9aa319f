using System.CommandLine;
using Pondus.Cli.Output;
using Pondus.Formats;
using Pondus.Formats.Onnx;
using Pondus.Onnx;
using Pondus.Runs;
using Pondus.Weights;

namespace Pondus.Cli.Commands;

/// <summary><c>pondus convert</c>.</summary>
internal static class ConvertCommand
{
    public static void Fill(Command command, CommandContext context)
    {
        Argument<string> source = new("in") { Description = "A weights file of any format, the index of one in parts, or the folder of a run." };
        Argument<string> target = new("out") { Description = "The file to write; an existing one is replaced in one step." };
        Option<string?> format = WeightArguments.Format();
        Option<string?> type = new("--dtype") { Description = "Give floating-point tensors this type, such as bfloat16; others too where the format has no place for theirs.", HelpName = "type" };
        Option<string?> map = new("--map") { Description = "A file of names as diff --save-map writes it: new names and layouts.", HelpName = "file" };
        Option<string?> shards = new("--shard-size") { Description = "Write files of at most this size and an index, such as 2GB.", HelpName = "size" };
        Option<string[]> keep = new("--keep") { Description = "Keep only tensors of these names; * stands for any letters.", HelpName = "pattern" };
        Option<string[]> drop = new("--drop") { Description = "Leave out tensors of these names.", HelpName = "pattern" };
        Option<string?> strip = new("--strip-prefix") { Description = "Cut this off in front of names.", HelpName = "text" };
        Option<string?> add = new("--add-prefix") { Description = "Put this in front of names.", HelpName = "text" };
        command.Description = $"""
            Writes the tensors of a weights file in another format, type or naming, and says what was lost.
            Formats that can be written: {WeightArguments.Writable}.

            Examples:
              pondus convert model.pth model.safetensors --strip-prefix module.
              pondus convert model.safetensors small.safetensors --dtype bfloat16
              pondus convert model.safetensors.index.json model.gguf --dtype float16
              pondus convert runs/letters letters.onnx     (the network itself, for any runtime of ONNX)
            """;
        command.Add(source);
        command.Add(target);
        foreach (Option option in (Option[])[format, type, map, shards, keep, drop, strip, add])
        {
            command.Add(option);
        }

        command.SetAction(async (result, cancellationToken) =>
        {
            string from = result.GetRequiredValue(source), to = result.GetRequiredValue(target);
            ConversionOptions options = new()
            {
                Format = WeightArguments.FormatOf(result.GetValue(format)),
                DataType = result.GetValue(type) is string name ? WeightArguments.DataType(name) : null,
                Map = result.GetValue(map) is string path ? WeightNameMap.Load(path) : null,
                Keep = result.GetValue(keep) ?? [],
                Drop = result.GetValue(drop) ?? [],
                StripPrefix = result.GetValue(strip),
                AddPrefix = result.GetValue(add),
                ShardBytes = result.GetValue(shards) is string size
                    ? ByteSize.Parse(size) ?? throw new UsageException($"--shard-size: expected a size such as 2GB or 500MiB, got '{size}'.")
                    : 0,
            };
            string weights = WeightArguments.PathOf(from);
            if (weights != from && (options.Format ?? WeightFormats.ForWriting(to)) is OnnxFormat)
            {
                return Export(context, from, to, options, result.GetValue(context.Json));
            }

            from = weights;
            using WeightFile file = WeightFile.Open(from);
            ConversionReport report = await WeightWork.RunAsync(
                context,
                result.GetValue(context.Quiet),
                progress => WeightConversion.Convert(file, to, options, progress, cancellationToken));
            if (!result.GetValue(context.Quiet))
            {
                foreach (WeightRemark remark in report.Remarks.Where(static remark => remark.Kind is WeightRemarkKind.Refused or WeightRemarkKind.Threat))
                {
                    context.Error.WriteLine($"{(remark.Kind == WeightRemarkKind.Threat ? "threat" : "refused")}: {remark.Subject}: {remark.Message}");
                }
            }

            if (result.GetValue(context.Json))
            {
                // The document describes the file as whoever opens it finds it.
                using WeightFile written = WeightFile.Open(report.Path);
                Inspection inspection = await WeightWork.RunAsync(
                    context,
                    result.GetValue(context.Quiet),
                    progress => Inspection.Of(written, new InspectionOptions { Spectra = SpectrumChoice.None }, progress, cancellationToken));
                OutputJson.Print(context.Out, ConversionOutput.Of(from, report, inspection), OutputJson.Default.ConversionOutput);
            }
            else
            {
                OperationText.Write(context.Out, from, report, context.OutWidth);
            }

            return ExitCode.Done;
        });
    }

    /// <summary>A run and a graph: not tensors alone are written but the network.</summary>
    private static int Export(CommandContext context, string run, string target, ConversionOptions options, bool json)
    {
        if (options.DataType is not null || options.Map is not null || options.Keep.Count > 0 || options.Drop.Count > 0 || options.StripPrefix is not null || options.AddPrefix is not null || options.ShardBytes > 0)
        {
            throw new UsageException("convert: expected no changes of types or names with a run and an ONNX file, since the whole network is written. Convert the ONNX file afterwards.");
        }

        TrainedRun.Load(run).SaveOnnx(target);
        GraphText.Describe(context, target, OnnxNetwork.Load(target), json);
        return ExitCode.Done;
    }
}
