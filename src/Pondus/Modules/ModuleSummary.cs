using System.Globalization;
using System.Text;

namespace Pondus;

/// <summary>What a module is made of: its layers, weights, biases and their memory.</summary>
/// <param name="Rows">One row for each module that has parameters of its own or no sub-modules.</param>
/// <param name="Total">Numbers in all parameters, tied ones once.</param>
/// <param name="Trainable">Of these, numbers that training moves.</param>
/// <param name="Weights">Of these, numbers in parameters with two or more axes, or not named bias.</param>
/// <param name="Biases">Of these, numbers in parameters named bias.</param>
/// <param name="Bytes">Memory of the parameters in bytes, gradients and optimizer state not counted.</param>
public sealed record ModuleSummary(IReadOnlyList<ModuleSummaryRow> Rows, long Total, long Trainable, long Weights, long Biases, long Bytes)
{
    /// <summary>Summarises a module.</summary>
    /// <param name="module">The module.</param>
    /// <returns>The summary.</returns>
    public static ModuleSummary Of(Module module)
    {
        ArgumentNullException.ThrowIfNull(module);
        List<ModuleSummaryRow> rows = [];
        foreach ((string name, Module part) in module.NamedModules())
        {
            if (part.OwnParameters.Count > 0 || part.Children.Count == 0)
            {
                rows.Add(new ModuleSummaryRow(name, part.ToString() ?? part.GetType().Name, part.OwnParameters.Sum(static p => (long)p.Count)));
            }
        }

        long total = 0, trainable = 0, biases = 0;
        foreach (Parameter parameter in module.Parameters)
        {
            total += parameter.Count;
            trainable += parameter.RequiresGradient ? parameter.Count : 0;
            biases += parameter.Name.Contains("bias", StringComparison.Ordinal) ? parameter.Count : 0;
        }

        return new ModuleSummary(rows, total, trainable, total - biases, biases, total * sizeof(float));
    }

    /// <summary>Prints a table.</summary>
    /// <returns>The text.</returns>
    public override string ToString()
    {
        const string LayerHeading = "layer", CountHeading = "parameters";
        int nameWidth = Rows.Select(static r => r.Name.Length).DefaultIfEmpty(0).Max();
        int layerWidth = Rows.Select(static r => r.Layer.Length).Append(LayerHeading.Length).Max();
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"{string.Empty.PadRight(nameWidth)}  {LayerHeading.PadRight(layerWidth)}  {CountHeading,14}\n");
        foreach (ModuleSummaryRow row in Rows)
        {
            text.Append(CultureInfo.InvariantCulture, $"{row.Name.PadRight(nameWidth)}  {row.Layer.PadRight(layerWidth)}  {row.Parameters,14:N0}\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"{Total:N0} parameters: {Weights:N0} weights, {Biases:N0} biases; {Trainable:N0} trainable; {Bytes:N0} bytes");
        return text.ToString();
    }
}
