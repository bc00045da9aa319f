namespace Pondus.Formats.Keras;

/// <summary>How Keras lays out its weights, and how PyTorch wants the same ones.</summary>
public static class KerasLayout
{
    private const string RecurrentKernel = "recurrent_kernel";
    private const int LstmGates = 4;
    private const int CudnnLstmBiases = 8;

    /// <summary>Turns a weight around as PyTorch's layer of the same kind has it.</summary>
    /// <remarks>
    /// <para>Shape, by the name's end: <c>kernel</c> (in, out) to (out, in); (width, in, out) to (out, in, width);
    /// (height, width, in, out) to (out, in, height, width), and so on for three axes; <c>recurrent_kernel</c> as <c>kernel</c>.
    /// A transposed convolution's (height, width, out, in) becomes (in, out, height, width): the same turn.
    /// <c>depthwise_kernel</c> (height, width, channels, times) to (channels x times, 1, height, width). Of attention, <c>query</c>,
    /// <c>key</c> and <c>value</c> (in, heads, size) to (heads x size, in), their biases to one axis, and <c>attention_output</c>
    /// (heads, size, out) to (out, heads x size). All else stays as it is: biases, <c>embeddings</c>, <c>gamma</c>, <c>beta</c>.</para>
    /// <para>Differs from a whole conversion: gates keep their order (Keras: i, f, c, o as PyTorch's i, f, g, o; GRU: z, r, h where
    /// PyTorch has r, z, n), and a depthwise convolution whose weight is named <c>kernel</c> has to be called <c>depthwise_kernel</c>.</para>
    /// <para>Memory: the tensor's bytes once, where it is turned, kept until the entry goes.</para>
    /// </remarks>
    /// <param name="entry">The weight, by its name in Keras.</param>
    /// <returns>The turned weight under the same name, or the entry itself where nothing has to be turned.</returns>
    public static WeightEntry ToPyTorch(WeightEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        string[] path = entry.Name.Split('/');
        string variable = path[^1], layer = path.Length > 1 ? path[^2] : "";
        int rank = entry.Shape.Length;
        if (WeightTypes.Layout(entry.DataType) is not { Elements: 1 } layout || rank is < 2 or > 5)
        {
            return entry;
        }

        switch (variable)
        {
            case "kernel" when rank == 3 && layer is "query" or "key" or "value":
                return Turned(entry, layout.Bytes, [1, 2, 0], [entry.Shape[1] * entry.Shape[2], entry.Shape[0]]);
            case "kernel" when rank == 3 && layer is "attention_output":
                return Turned(entry, layout.Bytes, [2, 0, 1], [entry.Shape[2], entry.Shape[0] * entry.Shape[1]]);
            case "bias" when rank == 2 && layer is "query" or "key" or "value":
                return new WeightEntry(entry.Name, entry.DataType, [entry.Count], entry.ByteCount, entry.Read);
            case "kernel" or RecurrentKernel or "pointwise_kernel":
                // Of the window's axes and (in, out), the last two come first, the last of all as the first.
                int[] order = [rank - 1, rank - 2, .. Enumerable.Range(0, rank - 2)];
                return Turned(entry, layout.Bytes, order, []);
            case "depthwise_kernel" when rank > 2:
                int[] channelsFirst = [rank - 2, rank - 1, .. Enumerable.Range(0, rank - 2)];
                return Turned(entry, layout.Bytes, channelsFirst, [entry.Shape[^2] * entry.Shape[^1], 1, .. entry.Shape[..^2]]);
            default:
                return entry;
        }
    }

    /// <summary>Notes layers whose biases come from CuDNN: those of the inputs and those of the state, end to end.</summary>
    internal static List<WeightRemark> Remarks(IReadOnlyList<WeightEntry> entries)
    {
        List<WeightRemark> remarks = [];
        Dictionary<string, WeightEntry> byName = entries.ToDictionary(static entry => entry.Name, StringComparer.Ordinal);
        foreach (WeightEntry entry in entries)
        {
            if (entry.Name.EndsWith($"/{RecurrentKernel}", StringComparison.Ordinal) && entry.Shape.Length == 2 && entry.Shape[1] == LstmGates * entry.Shape[0]
                && byName.TryGetValue($"{entry.Name[..^RecurrentKernel.Length]}bias", out WeightEntry? bias) && bias.Shape.Length == 1 && bias.Count == CudnnLstmBiases * entry.Shape[0])
            {
                remarks.Add(new WeightRemark(WeightRemarkKind.Note, bias.Name,
                    "CuDNN's layout of an LSTM: 8 x units biases, of the inputs and of the state; a plain LSTM needs its kernels turned as well, see FORMAT.md of Keras."));
            }
        }

        return remarks;
    }

    private static WeightEntry Turned(WeightEntry entry, int elementBytes, int[] order, long[] shape)
    {
        long[] turned = [.. order.Select(axis => entry.Shape[axis])];
        Lazy<byte[]> bytes = new(() => Turn(entry, elementBytes, order));
        return new WeightEntry(entry.Name, entry.DataType, shape.Length > 0 ? shape : turned, entry.ByteCount,
            (offset, destination) => bytes.Value.AsSpan((int)offset, destination.Length).CopyTo(destination));
    }

    private static byte[] Turn(WeightEntry entry, int elementBytes, int[] order)
    {
        byte[] source = entry.ReadBytes(), result = new byte[source.Length];
        int rank = order.Length;
        long[] strides = new long[rank];
        long stride = elementBytes;
        for (int axis = rank - 1; axis >= 0; axis--)
        {
            strides[axis] = stride;
            stride *= entry.Shape[axis];
        }

        long[] place = new long[rank];
        for (long to = 0; to < result.Length; to += elementBytes)
        {
            long from = 0;
            for (int i = 0; i < rank; i++)
            {
                from += place[i] * strides[order[i]];
            }

            source.AsSpan((int)from, elementBytes).CopyTo(result.AsSpan((int)to));
            for (int i = rank - 1; i >= 0 && ++place[i] == entry.Shape[order[i]]; i--)
            {
                place[i] = 0;
            }
        }

        return result;
    }
}
