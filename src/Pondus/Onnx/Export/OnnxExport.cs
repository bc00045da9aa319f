using System.Runtime.InteropServices;
using Pondus.Formats;
using Pondus.Formats.Onnx;

namespace Pondus.Onnx.Export;

/// <summary>Writes networks as ONNX graphs that other runtimes execute.</summary>
/// <remarks>
/// <para>The network is run twice on zeros, with batches of two sizes; what its operations then say about themselves is the graph. What differs between
/// the two is left to the runtime, so that the graph takes batches of any size. Layers of your own need nothing as long as they compute with tensors.</para>
/// <para>Input <c>input</c>: numbers, or tokens (int64) where the first layer is an embedding. Output <c>output</c>. Parameters keep their names.</para>
/// <para>Not written: dropout and whatever else belongs to training; a checkpointed segment; given states and lengths of recurrent layers.</para>
/// <para>Source: ONNX operators, opset 20, IR 9.</para>
/// </remarks>
/// <example><code>OnnxExport.Save(network, "network.onnx", [1, 28, 28]);</code></example>
public static class OnnxExport
{
    internal const string InputName = "input";
    internal const string OutputName = "output";
    private const string BatchName = "batch";
    private const int Opset = 20;

    // Numbers that no size of a network is likely to be.
    private const int SmallBatch = 7;
    private const int LargeBatch = 11;
    private const int IrVersion = 9;

    /// <summary>Writes a network to a file.</summary>
    /// <param name="network">The network.</param>
    /// <param name="path">The file; replaced in one step.</param>
    /// <param name="inputShape">Sizes of one sample, without the batch.</param>
    /// <param name="metadata">Texts to keep with it, such as the lineage of the weights.</param>
    /// <param name="prepare">What the input goes through before the network, such as standardization; null for nothing.</param>
    /// <exception cref="NotSupportedException">Some operations cannot be written; all are named.</exception>
    public static void Save(Layer network, string path, Shape inputShape, IReadOnlyDictionary<string, string>? metadata = null, Func<Tensor, Tensor>? prepare = null) =>
        OnnxWriter.Save(path, ToModel(network, inputShape, metadata, prepare));

    /// <summary>Gives a network as a model in memory.</summary>
    /// <param name="network">The network.</param>
    /// <param name="inputShape">Sizes of one sample, without the batch.</param>
    /// <param name="metadata">Texts to keep with it, such as the lineage of the weights.</param>
    /// <param name="prepare">What the input goes through before the network, such as standardization; null for nothing.</param>
    /// <returns>The model.</returns>
    /// <exception cref="NotSupportedException">Some operations cannot be written; all are named.</exception>
    public static OnnxModel ToModel(Layer network, Shape inputShape, IReadOnlyDictionary<string, string>? metadata = null, Func<Tensor, Tensor>? prepare = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        Shape small = [SmallBatch, .. inputShape.AsSpan()], large = [LargeBatch, .. inputShape.AsSpan()];
        TracedGraph first = TracedGraph.Of(network, prepare, small), second = TracedGraph.Of(network, prepare, large);
        Dictionary<string, OnnxTensor> others = second.Constants.ToDictionary(static c => c.Name, StringComparer.Ordinal);
        if (!first.Nodes.Select(Line).SequenceEqual(second.Nodes.Select(Line), StringComparer.Ordinal) || first.Constants.Any(c => !others.ContainsKey(c.Name)))
        {
            throw new NotSupportedException("ONNX: expected a network that computes the same for batches of any size, got one that does not.");
        }

        OnnxTensor[] constants = [.. first.Constants.Select(c => ForAnyBatch(c, others[c.Name]))];
        return new OnnxModel
        {
            IrVersion = IrVersion,
            ProducerName = "Pondus",
            Opsets = new Dictionary<string, long>(StringComparer.Ordinal) { [string.Empty] = Opset },
            Metadata = metadata ?? new Dictionary<string, string>(StringComparer.Ordinal),
            Graph = new OnnxGraph
            {
                Name = network.GetType().Name,
                Nodes = [.. first.Nodes, new OnnxNode { Name = OutputName, OpType = "Identity", Inputs = [first.Output], Outputs = [OutputName] }],
                Initializers = constants,
                Inputs = [Info(InputName, first.TakesTokens ? OnnxType.Int64 : OnnxType.Float, small, large)],
                Outputs = [Info(OutputName, OnnxType.Float, first.OutputShape, second.OutputShape)],
            },
        };
    }

    private static string Line(OnnxNode node) => $"{node.OpType} {string.Join(',', node.Inputs)} -> {string.Join(',', node.Outputs)}";

    // One size of a shape may follow the batch: the runtime finds it from the others.
    private static OnnxTensor ForAnyBatch(OnnxTensor constant, OnnxTensor other)
    {
        byte[] one = constant.Entry!.ReadBytes(), two = other.Entry!.ReadBytes();
        if (one.AsSpan().SequenceEqual(two) && constant.Dims.AsSpan().SequenceEqual(other.Dims))
        {
            return constant;
        }

        long[] a = constant.Type == OnnxType.Int64 ? MemoryMarshal.Cast<byte, long>(one).ToArray() : [], b = constant.Type == OnnxType.Int64 ? MemoryMarshal.Cast<byte, long>(two).ToArray() : [];
        int[] differing = a.Length == b.Length ? [.. Enumerable.Range(0, a.Length).Where(i => a[i] != b[i])] : [];
        if (differing.Length != 1)
        {
            throw new NotSupportedException($"ONNX: expected constants that do not depend on the size of the batch, got '{constant.Name}' ({string.Join(", ", constant.Dims)}) that does.");
        }

        a[differing[0]] = -1;
        return constant with { Entry = new WeightEntry(constant.Name, "int64", constant.Dims, MemoryMarshal.AsBytes<long>(a).ToArray()) };
    }

    private static OnnxValueInfo Info(string name, OnnxType type, in Shape first, in Shape second)
    {
        OnnxDimension[] dims = new OnnxDimension[first.Rank];
        for (int i = 0; i < dims.Length; i++)
        {
            dims[i] = first[i] == second[i] ? new OnnxDimension(first[i], null) : new OnnxDimension(null, BatchName);
        }

        return new OnnxValueInfo(name, new OnnxTypeInfo(type, dims));
    }
}
