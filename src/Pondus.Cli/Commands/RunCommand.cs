using System.CommandLine;
using Pondus.Cli.Output;
using Pondus.Formats;
using Pondus.Onnx;

namespace Pondus.Cli.Commands;

/// <summary><c>pondus run</c>.</summary>
internal static class RunCommand
{
    public static void Fill(Command command, CommandContext context)
    {
        Argument<string> graph = new("graph") { Description = "An ONNX file." };
        Option<string?> inputs = new("--inputs") { Description = "The arrays to run it on, named as the graph names its inputs: .npz, .npy, .safetensors.", HelpName = "file" };
        Option<string?> outputs = new("--out") { Description = "Write the outputs to a file, such as .npz.", HelpName = "file" };
        command.Description = """
            Runs an ONNX graph. Without --inputs it says what the graph wants.

            Examples:
              pondus run model.onnx
              pondus run model.onnx --inputs x.npz --out y.npz
            """;
        command.Add(graph);
        command.Add(inputs);
        command.Add(outputs);
        command.SetAction(result =>
        {
            string path = result.GetRequiredValue(graph);
            bool json = result.GetValue(context.Json);
            OnnxNetwork network = OnnxNetwork.Load(path);
            if (result.GetValue(inputs) is not { } file)
            {
                if (result.GetValue(outputs) is not null)
                {
                    throw new UsageException("--out: expected --inputs with it, got none.");
                }

                GraphText.Describe(context, path, network, json);
                return ExitCode.Done;
            }

            string? target = result.GetValue(outputs);
            IWeightFormat? format = target is null ? null : WeightFormats.ForWriting(target)
                ?? throw new UsageException($"--out: expected a file name with a known ending, such as .npz, got '{target}'.");
            List<(string Name, OnnxValue Value)> values = Run(network, file);
            if (target is not null)
            {
                Save(context, target, format!, values);
            }

            GraphText.Show(context, values, json);
            return ExitCode.Done;
        });
    }

    private static List<(string Name, OnnxValue Value)> Run(OnnxNetwork network, string file)
    {
        Dictionary<string, OnnxValue> arrays = new(StringComparer.Ordinal);
        using WeightFile read = WeightFile.Open(file);
        foreach (WeightEntry entry in read.Entries)
        {
            // One array for one input needs no name: an .npy file has none.
            string name = read.Entries.Count == 1 && network.Inputs.Count == 1 ? network.Inputs[0].Name : entry.Name;
            arrays[name] = OnnxValue.Of(entry);
        }

        List<(string, OnnxValue)> values = [];
        IReadOnlyDictionary<string, OnnxValue> outputs = network.Run(arrays);
        foreach (string name in network.Outputs.Select(static output => output.Name))
        {
            Flatten(name, outputs[name], values);
        }

        return values;
    }

    // A sequence is shown as its values, counted.
    private static void Flatten(string name, OnnxValue value, List<(string Name, OnnxValue Value)> values)
    {
        if (!value.IsContainer)
        {
            values.Add((name, value));
            return;
        }

        for (int i = 0; i < value.Items.Count; i++)
        {
            Flatten($"{name}[{i}]", value.Items[i], values);
        }
    }

    private static void Save(CommandContext context, string target, IWeightFormat format, List<(string Name, OnnxValue Value)> values)
    {
        List<WeightEntry> entries = [];
        foreach ((string name, OnnxValue value) in values)
        {
            if (!value.HasNumbers)
            {
                context.Error.WriteLine($"{target}: output '{name}' holds texts and is left out.");
            }
            else if (!format.Holds(value.ToEntry(name).DataType))
            {
                throw new UsageException($"--out: expected a format that holds {value}, got {format.Name}.");
            }
            else
            {
                entries.Add(value.ToEntry(name));
            }
        }

        format.Save(target, entries, new Dictionary<string, string>(StringComparer.Ordinal));
    }
}
