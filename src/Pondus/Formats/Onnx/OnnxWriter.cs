using System.Text;

namespace Pondus.Formats.Onnx;

/// <summary>Writes ONNX files.</summary>
/// <remarks>
/// A protobuf message holds at most 2 GB. Larger models keep their tensors in a file beside it, named <c>NAME.data</c>, as ONNX's external data.
/// Functions, sequences of graphs and sparse tensors are not written. Field numbers: onnx.proto of ONNX 1.19.
/// </remarks>
public static class OnnxWriter
{
    private const long MostInOneFile = int.MaxValue - (64L << 20);

    /// <summary>Writes a model to a file in one step: an existing file is replaced whole or not at all.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="model">The model.</param>
    /// <exception cref="IOException">The disk is full, or the folder is missing or not writable.</exception>
    public static void Save(string path, OnnxModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        long bytes = model.Graph.Initializers.Sum(static t => t.Entry?.ByteCount ?? 0);
        ExternalTensors? external = bytes > MostInOneFile ? new ExternalTensors($"{System.IO.Path.GetFileName(path)}.data") : null;
        ProtobufMessage message = Model(model, external);
        if (external is not null)
        {
            AtomicFile.Write($"{path}.data", external.WriteTo);
        }

        AtomicFile.Write(path, message.WriteTo);
    }

    private static ProtobufMessage Model(OnnxModel model, ExternalTensors? external)
    {
        ProtobufMessage m = new();
        m.Int(1, model.IrVersion);
        m.Text(2, model.ProducerName);
        m.Text(3, model.ProducerVersion);
        m.Text(4, model.Domain);
        m.Int(5, model.ModelVersion);
        m.Text(6, model.Description);
        m.Message(7, Graph(model.Graph, external));
        foreach ((string domain, long version) in model.Opsets.OrderBy(static o => o.Key, StringComparer.Ordinal))
        {
            ProtobufMessage opset = new();
            opset.Text(1, string.Equals(domain, "ai.onnx", StringComparison.Ordinal) ? string.Empty : domain);
            opset.Int(2, version);
            m.Message(8, opset);
        }

        foreach ((string key, string value) in model.Metadata.OrderBy(static p => p.Key, StringComparer.Ordinal))
        {
            m.Message(14, Pair(key, value));
        }

        return m;
    }

    private static ProtobufMessage Graph(OnnxGraph graph, ExternalTensors? external)
    {
        ProtobufMessage m = new();
        foreach (OnnxNode node in graph.Nodes)
        {
            m.Message(1, Node(node));
        }

        m.Text(2, graph.Name);
        foreach (OnnxTensor tensor in graph.Initializers)
        {
            m.Message(5, Tensor(tensor, external));
        }

        AddAll(m, 11, graph.Inputs);
        AddAll(m, 12, graph.Outputs);
        AddAll(m, 13, graph.ValueInfos);
        return m;
    }

    private static void AddAll(ProtobufMessage m, int field, IReadOnlyList<OnnxValueInfo> values)
    {
        foreach (OnnxValueInfo value in values)
        {
            ProtobufMessage info = new();
            info.Text(1, value.Name);
            if (value.TypeInfo is { } type)
            {
                info.Message(2, Type(value.Name, type));
            }

            m.Message(field, info);
        }
    }

    private static ProtobufMessage Type(string name, OnnxTypeInfo type)
    {
        if (type.Element is not null)
        {
            throw new NotSupportedException($"value '{name}': expected a tensor to write, got {type}.");
        }

        ProtobufMessage tensor = new();
        tensor.Int(1, (int)type.Type);
        if (type.Dims is { } dims)
        {
            ProtobufMessage shape = new();
            foreach (OnnxDimension dim in dims)
            {
                ProtobufMessage d = new();
                if (dim.Size is { } size)
                {
                    d.Int(1, size);
                }
                else
                {
                    d.Text(2, dim.Name ?? string.Empty);
                }

                shape.Message(1, d);
            }

            tensor.Message(2, shape);
        }

        ProtobufMessage m = new();
        m.Message(1, tensor);
        return m;
    }

    private static ProtobufMessage Node(OnnxNode node)
    {
        ProtobufMessage m = new();
        foreach (string input in node.Inputs)
        {
            // An empty name stands for an input that is left out, so it is written too.
            m.Bytes(1, Encoding.UTF8.GetBytes(input));
        }

        foreach (string output in node.Outputs)
        {
            m.Bytes(2, Encoding.UTF8.GetBytes(output));
        }

        m.Text(3, node.Name);
        m.Text(4, node.OpType);
        foreach (OnnxAttribute attribute in node.Attributes)
        {
            m.Message(5, Attribute(node, attribute));
        }

        m.Text(7, node.Domain);
        return m;
    }

    private static ProtobufMessage Attribute(OnnxNode node, OnnxAttribute attribute)
    {
        ProtobufMessage m = new();
        m.Text(1, attribute.Name);
        switch (attribute.Kind)
        {
            case OnnxAttributeKind.Float:
                m.Float(2, attribute.Float);
                break;
            case OnnxAttributeKind.Int:
                m.Int(3, attribute.Int);
                break;
            case OnnxAttributeKind.String:
                m.Bytes(4, attribute.Bytes);
                break;
            case OnnxAttributeKind.Tensor:
                m.Message(5, Tensor(attribute.Tensor!, external: null));
                break;
            case OnnxAttributeKind.Graph:
                m.Message(6, Graph(attribute.Graph!, external: null));
                break;
            case OnnxAttributeKind.Floats:
                Array.ForEach(attribute.Floats, value => m.Float(7, value));
                break;
            case OnnxAttributeKind.Ints:
                Array.ForEach(attribute.Ints, value => m.Int(8, value));
                break;
            case OnnxAttributeKind.Strings:
                Array.ForEach(attribute.Strings, value => m.Bytes(9, value));
                break;
            default:
                throw new NotSupportedException($"{node}: expected an attribute that can be written, got '{attribute.Name}' of kind {attribute.Kind}.");
        }

        m.Int(20, (int)attribute.Kind);
        return m;
    }

    private static ProtobufMessage Tensor(OnnxTensor tensor, ExternalTensors? external)
    {
        ProtobufMessage m = new();
        foreach (long size in tensor.Dims)
        {
            m.Int(1, size);
        }

        m.Int(2, (int)tensor.Type);
        foreach (byte[] text in tensor.Strings ?? [])
        {
            m.Bytes(6, text);
        }

        m.Text(8, tensor.Name);
        if (tensor.Entry is { } entry && external is not null && external.Takes(entry))
        {
            (long offset, long length) = external.Add(entry);
            m.Message(13, Pair("location", external.FileName));
            m.Message(13, Pair("offset", offset.ToString(System.Globalization.CultureInfo.InvariantCulture)));
            m.Message(13, Pair("length", length.ToString(System.Globalization.CultureInfo.InvariantCulture)));
            m.Int(14, 1);
        }
        else if (tensor.Entry is { } inside)
        {
            m.Bytes(9, inside);
        }

        return m;
    }

    private static ProtobufMessage Pair(string key, string value)
    {
        ProtobufMessage m = new();
        m.Text(1, key);
        m.Text(2, value);
        return m;
    }

    /// <summary>The tensors that go into a file beside the model.</summary>
    private sealed class ExternalTensors(string fileName)
    {
        // Shapes and the like stay in the model: readers want them before they look for other files.
        private const int LeastBytes = 1024;
        private const int Alignment = 4096;

        private readonly List<(long Offset, WeightEntry Entry)> _entries = [];
        private long _end;

        public string FileName => fileName;

        public bool Takes(WeightEntry entry) => entry.ByteCount >= LeastBytes;

        public (long Offset, long Length) Add(WeightEntry entry)
        {
            long offset = (_end + Alignment - 1) / Alignment * Alignment;
            _entries.Add((offset, entry));
            _end = offset + entry.ByteCount;
            return (offset, entry.ByteCount);
        }

        public void WriteTo(Stream stream)
        {
            byte[] padding = new byte[Alignment];
            long at = 0;
            foreach ((long offset, WeightEntry entry) in _entries)
            {
                stream.Write(padding, 0, (int)(offset - at));
                entry.CopyTo(stream);
                at = offset + entry.ByteCount;
            }
        }
    }
}
