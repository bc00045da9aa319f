using System.CommandLine;
using System.Globalization;
using Pondus.Cli.Output;
using Pondus.Data;
using Pondus.Layers;

namespace Pondus.Cli.Commands;

/// <summary><c>pondus neuron</c>.</summary>
internal static class NeuronCommand
{
    public static void Fill(Command command, CommandContext context)
    {
        Option<string> inputs = new("--inputs", "-i") { Description = "Numbers, separated by commas.", Required = true, HelpName = "x1,x2,..." };
        Option<string> weights = new("--weights", "-w") { Description = "One weight for each input.", Required = true, HelpName = "w1,w2,..." };
        Option<string> bias = new("--bias", "-b") { Description = "The bias.", HelpName = "b", DefaultValueFactory = static _ => "0" };
        Option<string> activation = new("--activation", "-a")
        {
            Description = $"One of {string.Join(", ", Neuron.Activations)}.",
            HelpName = "name",
            DefaultValueFactory = static _ => "Identity",
        };
        command.Description = """
            Computes one neuron: the sum of inputs times weights, plus the bias, through an activation.

            Example:
              pondus neuron --inputs 5,2 --weights 0.7,0.3 --bias 1
            """;
        command.Add(inputs);
        command.Add(weights);
        command.Add(bias);
        command.Add(activation);
        command.SetAction(result => Run(
            Numbers("--inputs", result.GetRequiredValue(inputs)),
            Numbers("--weights", result.GetRequiredValue(weights)),
            Number("--bias", result.GetRequiredValue(bias)),
            result.GetRequiredValue(activation),
            result.GetValue(context.Json),
            context.Out));
    }

    private static int Run(double[] inputs, double[] weights, double bias, string activation, bool json, TextWriter writer)
    {
        if (inputs.Length != weights.Length)
        {
            throw new UsageException($"--weights: expected one number for each of the {inputs.Length} inputs, got {weights.Length}.");
        }

        if (!Neuron.Activations.Contains(activation, StringComparer.OrdinalIgnoreCase))
        {
            string hint = NearestName.Hint(activation, Neuron.Activations);
            throw new UsageException($"--activation: expected one of {string.Join(", ", Neuron.Activations)}, got '{activation}'.{hint}");
        }

        Neuron neuron = new(weights, bias, activation);
        NeuronAnswer answer = neuron.Evaluate(inputs);
        if (json)
        {
            NeuronOutput output = new(answer.Output, answer.Sum, answer.Contributions, bias, neuron.Activation, answer.Fires);
            OutputJson.Print(writer, output, OutputJson.Default.NeuronOutput);
            return ExitCode.Done;
        }

        TextTable table = new();
        table.Add(string.Empty, "input", "weight", "contribution");
        for (int i = 0; i < inputs.Length; i++)
        {
            table.Add($"x{i + 1}", NumberText.Exact(inputs[i]), NumberText.Exact(weights[i]), NumberText.Exact(answer.Contributions[i]));
        }

        table.Add("bias", string.Empty, string.Empty, NumberText.Exact(bias));
        table.Add("sum", string.Empty, string.Empty, NumberText.Exact(answer.Sum));
        table.Write(writer, 1, 2, 3);
        writer.WriteLine();
        string because = answer.Fires ? "fires: the sum is above 0" : "does not fire: the sum is not above 0";
        writer.WriteLine($"output  {NumberText.Exact(answer.Output)}  ({neuron.Activation}; the neuron {because})");
        return ExitCode.Done;
    }

    private static double[] Numbers(string option, string text) => [.. text.Split(',').Select(t => Number(option, t))];

    private static double Number(string option, string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value)
            ? value
            : throw new UsageException($"{option}: expected a number, got '{text}'.");
}
