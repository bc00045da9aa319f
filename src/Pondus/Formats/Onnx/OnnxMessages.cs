using System.Globalization;
using Pondus.Formats.Protobuf;

namespace Pondus.Formats.Onnx;

/// <summary>Makes the messages of a model; see <see cref="OnnxReader"/> for the numbers of the fields.</summary>
/// <param name="place">Says where in another file a tensor goes, or null for the model's own.</param>
internal sealed class OnnxMessages(Func<WeightEntry, (string Location, long Offset)?>? place)
{
    public ProtobufMessage Model(OnnxModel model)
    {
        ProtobufMessage message = new();
        message.Int(1, model.IrVersion);
        message.Text(2, model.ProducerName);
        message.Text(3, model.ProducerVersion);
        message.Text(4, model.Domain);
        if (model.ModelVersion != 0)
        {
            message.Int(5, model.ModelVersion);
        }

        message.Text(6, model.Description);
        message.Message(7, Graph(model.Graph));
        Opsets(message, 8, model.Opsets);
        foreach ((string key, string value) in model.Metadata.OrderBy(static pair => pair.Key, StringComparer.Ordinal))
        {
            message.Message(14, Pair(key, value));
        }

        foreach (OnnxFunction function in model.Functions)
        {
            message.Message(25, Function(function));
        }

        return message;
    }

    private static void Opsets(ProtobufMessage message, int field, IReadOnlyDictionary<string, long> opsets)
    {
        foreach ((string domain, long version) in opsets)
        {
            ProtobufMessage opset = new();
            opset.Text(1, domain);
            opset.Int(2, version);
            message.Message(field, opset);
        }
    }

    private static ProtobufMessage Pair(string key, string value)
    {
        ProtobufMessage message = new();
        message.Text(1, key);
        message.Text(2, value);
        return message;
    }

    private ProtobufMessage Graph(OnnxGraph graph)
    {
        ProtobufMessage message = new();
        foreach (OnnxNode node in graph.Nodes)
        {
            message.Message(1, Node(node));
        }

        message.Text(2, graph.Name);
        foreach (OnnxTensor tensor in graph.Initializers)
        {
            message.Message(5, Tensor(tensor));
        }

        foreach (OnnxSparseTensor sparse in graph.SparseInitializers)
        {
            message.Message(15, Sparse(sparse));
        }

        (int Field, IReadOnlyList<OnnxValueInfo> Infos)[] lists = [(11, graph.Inputs), (12, graph.Outputs), (13, graph.ValueInfos)];
        foreach ((int field, IReadOnlyList<OnnxValueInfo> infos) in lists)
        {
            foreach (OnnxValueInfo info in infos)
            {
                message.Message(field, ValueInfo(info));
            }
        }

        return message;
    }

    private ProtobufMessage Node(OnnxNode node)
    {
        ProtobufMessage message = new();
        Names(message, 1, node.Inputs);
        Names(message, 2, node.Outputs);
        message.Text(3, node.Name);
        message.Text(4, node.OpType);
        foreach (OnnxAttribute attribute in node.Attributes)
        {
            message.Message(5, Attribute(attribute));
        }

        message.Text(7, node.Domain);
        message.Text(8, node.Overload);
        return message;
    }

    // An empty name stands for what is left out, and keeps its place.
    private static void Names(ProtobufMessage message, int field, IReadOnlyList<string> names)
    {
        foreach (string name in names)
        {
            message.Bytes(field, System.Text.Encoding.UTF8.GetBytes(name));
        }
    }

    private ProtobufMessage Attribute(OnnxAttribute attribute)
    {
        ProtobufMessage message = new();
        message.Text(1, attribute.Name);
        switch (attribute.Kind)
        {
            case OnnxAttributeKind.Float:
                message.Single(2, attribute.Float);
                break;
            case OnnxAttributeKind.Int:
                message.Int(3, attribute.Int);
                break;
            case OnnxAttributeKind.String:
                message.Bytes(4, attribute.Bytes);
                break;
            case OnnxAttributeKind.Tensor when attribute.Tensor is { } tensor:
                message.Message(5, Tensor(tensor));
                break;
            case OnnxAttributeKind.Graph when attribute.Graph is { } graph:
                message.Message(6, Graph(graph));
                break;
            case OnnxAttributeKind.Floats:
                message.Singles(7, attribute.Floats);
                break;
            case OnnxAttributeKind.Ints:
                message.Ints(8, attribute.Ints);
                break;
            case OnnxAttributeKind.Strings:
                Array.ForEach(attribute.Strings, text => message.Bytes(9, text));
                break;
            case OnnxAttributeKind.TypeProto when attribute.TypeInfo is { } type:
                message.Message(14, TypeInfo(type));
                break;
            case OnnxAttributeKind.SparseTensor when attribute.SparseTensor is { } sparse:
                message.Message(22, Sparse(sparse));
                break;
            default:
                break;
        }

        foreach (OnnxTensor tensor in attribute.Tensors)
        {
            message.Message(10, Tensor(tensor));
        }

        foreach (OnnxGraph graph in attribute.Graphs)
        {
            message.Message(11, Graph(graph));
        }

        message.Int(20, (long)attribute.Kind);
        message.Text(21, attribute.Reference ?? string.Empty);
        return message;
    }

    private ProtobufMessage Tensor(OnnxTensor tensor)
    {
        ProtobufMessage message = new();
        message.Ints(1, tensor.Dims);
        message.Int(2, (long)tensor.Type);
        foreach (byte[] text in tensor.Strings ?? [])
        {
            message.Bytes(6, text);
        }

        message.Text(8, tensor.Name);
        if (tensor.Entry is { } entry)
        {
            Data(message, entry);
        }

        return message;
    }

    private void Data(ProtobufMessage message, WeightEntry entry)
    {
        if (place?.Invoke(entry) is not { } elsewhere)
        {
            message.Data(9, entry);
            return;
        }

        message.Message(13, Pair("location", elsewhere.Location));
        message.Message(13, Pair("offset", elsewhere.Offset.ToString(CultureInfo.InvariantCulture)));
        message.Message(13, Pair("length", entry.ByteCount.ToString(CultureInfo.InvariantCulture)));
        message.Int(14, 1);
    }

    private ProtobufMessage Sparse(OnnxSparseTensor sparse)
    {
        ProtobufMessage message = new();
        message.Message(1, Tensor(sparse.Values));
        message.Message(2, Tensor(sparse.Indices));
        message.Ints(3, sparse.Dims);
        return message;
    }

    private ProtobufMessage Function(OnnxFunction function)
    {
        ProtobufMessage message = new();
        message.Text(1, function.Name);
        Names(message, 4, function.Inputs);
        Names(message, 5, function.Outputs);
        Names(message, 6, function.Attributes);
        foreach (OnnxNode node in function.Nodes)
        {
            message.Message(7, Node(node));
        }

        Opsets(message, 9, function.Opsets);
        message.Text(10, function.Domain);
        foreach (OnnxAttribute attribute in function.Defaults)
        {
            message.Message(11, Attribute(attribute));
        }

        message.Text(13, function.Overload);
        return message;
    }

    private static ProtobufMessage ValueInfo(OnnxValueInfo info)
    {
        ProtobufMessage message = new();
        message.Text(1, info.Name);
        if (info.TypeInfo is { } type)
        {
            message.Message(2, TypeInfo(type));
        }

        return message;
    }

    private static ProtobufMessage TypeInfo(OnnxTypeInfo type)
    {
        ProtobufMessage message = new(), inner = new();
        int field = type.Type switch
        {
            OnnxType.Sequence => 4,
            OnnxType.Map => 5,
            OnnxType.Optional => 9,
            _ => 1,
        };
        if (field == 1)
        {
            inner.Int(1, (long)type.Type);
            if (type.Dims is { } dims)
            {
                inner.Message(2, Dims(dims));
            }
        }
        else if (type.Element is { } element)
        {
            inner.Message(field == 5 ? 2 : 1, TypeInfo(element));
        }

        message.Message(field, inner);
        return message;
    }

    private static ProtobufMessage Dims(IReadOnlyList<OnnxDimension> dims)
    {
        ProtobufMessage message = new();
        foreach (OnnxDimension dim in dims)
        {
            ProtobufMessage one = new();
            if (dim.Size is { } size)
            {
                one.Int(1, size);
            }
            else
            {
                one.Text(2, dim.Name ?? string.Empty);
            }

            message.Message(1, one);
        }

        return message;
    }
}
