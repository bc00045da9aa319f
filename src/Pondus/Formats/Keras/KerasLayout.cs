namespace Pondus.Formats.Keras;

/// <summary>Facts about how Keras lays out its weights.</summary>
public static class KerasLayout
{
    private const string Kernel = "recurrent_kernel";

    /// <summary>Notes layers whose biases come from CuDNN: one for the inputs and one for the state, end to end.</summary>
    internal static List<WeightRemark> Remarks(IReadOnlyList<WeightEntry> entries)
    {
        const int gates = 4, cudnnGates = 8;
        List<WeightRemark> remarks = [];
        Dictionary<string, WeightEntry> byName = entries.ToDictionary(static entry => entry.Name, StringComparer.Ordinal);
        foreach (WeightEntry entry in entries)
        {
            if (entry.Name.EndsWith($"/{Kernel}", StringComparison.Ordinal) && entry.Shape.Length == 2 && entry.Shape[1] == gates * entry.Shape[0]
                && byName.TryGetValue($"{entry.Name[..^Kernel.Length]}bias", out WeightEntry? bias) && bias.Shape.Length == 1 && bias.Count == cudnnGates * entry.Shape[0])
            {
                remarks.Add(new WeightRemark(WeightRemarkKind.Note, bias.Name,
                    "CuDNN's layout of an LSTM: 8 x units biases, of the inputs and of the state; a plain LSTM needs its kernels turned as well, see FORMAT.md of Keras."));
            }
        }

        return remarks;
    }
}
