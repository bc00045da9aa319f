using Pondus.Formats.Protobuf;

namespace Pondus.Formats.Onnx;

/// <summary>Reads the messages of a model into records.</summary>
/// <remarks>Source: onnx.proto of ONNX 1.19 (onnx.ai), whose field numbers are the cases below.</remarks>
internal sealed class OnnxReader
{
    private readonly OnnxBudget _budget = new();
    private readonly OnnxTensorParser _tensors;

    public OnnxReader(RandomAccessFile file, OnnxExternalData external) => _tensors = new OnnxTensorParser(file, external, _budget);

    public OnnxModel Model(ProtobufReader reader)
    {
        OnnxModel model = new();
        Dictionary<string, long> opsets = new(StringComparer.Ordinal);
        Dictionary<string, string> metadata = new(StringComparer.Ordinal);
        List<OnnxFunction> functions = [];
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    model = model with { IrVersion = reader.Int() };
                    break;
                case 2:
                    model = model with { ProducerName = reader.Text() };
                    break;
                case 3:
                    model = model with { ProducerVersion = reader.Text() };
                    break;
                case 4:
                    model = model with { Domain = reader.Text() };
                    break;
                case 5:
                    model = model with { ModelVersion = reader.Int() };
                    break;
                case 6:
                    model = model with { Description = reader.Text() };
                    break;
                case 7:
                    model = model with { Graph = Inside(reader, Graph) };
                    break;
                case 8:
                    Opset(reader, opsets);
                    break;
                case 14:
                    _budget.Take(reader);
                    (string key, string value) = Pair(reader);
                    metadata[key] = value;
                    break;
                case 25:
                    functions.Add(Inside(reader, Function));
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return model with { Opsets = opsets, Metadata = metadata, Functions = functions };
    }

    /// <summary>Reads a message of a key and a value.</summary>
    public static (string Key, string Value) Pair(ProtobufReader reader)
    {
        string key = string.Empty, value = string.Empty;
        long outer = reader.Enter();
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    key = reader.Text();
                    break;
                case 2:
                    value = reader.Text();
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        reader.Leave(outer);
        return (key, value);
    }

    private OnnxGraph Graph(ProtobufReader reader)
    {
        string name = string.Empty;
        List<OnnxNode> nodes = [];
        List<OnnxTensor> initializers = [];
        List<OnnxSparseTensor> sparse = [];
        List<OnnxValueInfo> inputs = [], outputs = [], values = [];
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    nodes.Add(Inside(reader, Node));
                    break;
                case 2:
                    name = reader.Text();
                    break;
                case 5:
                    initializers.Add(Inside(reader, _tensors.Parse));
                    break;
                case 11:
                    inputs.Add(Inside(reader, OnnxTypeReader.ValueInfo));
                    break;
                case 12:
                    outputs.Add(Inside(reader, OnnxTypeReader.ValueInfo));
                    break;
                case 13:
                    values.Add(Inside(reader, OnnxTypeReader.ValueInfo));
                    break;
                case 15:
                    sparse.Add(Inside(reader, Sparse));
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return new OnnxGraph { Name = name, Nodes = nodes, Initializers = initializers, SparseInitializers = sparse, Inputs = inputs, Outputs = outputs, ValueInfos = values };
    }

    private OnnxNode Node(ProtobufReader reader)
    {
        string name = string.Empty, type = string.Empty, domain = string.Empty, overload = string.Empty;
        List<string> inputs = [], outputs = [];
        List<OnnxAttribute> attributes = [];
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    inputs.Add(Name(reader));
                    break;
                case 2:
                    outputs.Add(Name(reader));
                    break;
                case 3:
                    name = reader.Text();
                    break;
                case 4:
                    type = reader.Text();
                    break;
                case 5:
                    attributes.Add(Inside(reader, Attribute));
                    break;
                case 7:
                    domain = reader.Text();
                    break;
                case 8:
                    overload = reader.Text();
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return new OnnxNode
        {
            Name = name,
            OpType = type,
            Domain = Canonical(domain),
            Overload = overload,
            Inputs = inputs,
            Outputs = outputs,
            Attributes = attributes,
        };
    }

    private OnnxAttribute Attribute(ProtobufReader reader) => new OnnxAttributeReader(this, _tensors, _budget).Read(reader);

    private OnnxFunction Function(ProtobufReader reader)
    {
        string name = string.Empty, domain = string.Empty, overload = string.Empty;
        List<string> inputs = [], outputs = [], attributes = [];
        List<OnnxAttribute> defaults = [];
        List<OnnxNode> nodes = [];
        Dictionary<string, long> opsets = new(StringComparer.Ordinal);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    name = reader.Text();
                    break;
                case 4:
                    inputs.Add(Name(reader));
                    break;
                case 5:
                    outputs.Add(Name(reader));
                    break;
                case 6:
                    attributes.Add(Name(reader));
                    break;
                case 7:
                    nodes.Add(Inside(reader, Node));
                    break;
                case 9:
                    Opset(reader, opsets);
                    break;
                case 10:
                    domain = reader.Text();
                    break;
                case 11:
                    defaults.Add(Inside(reader, Attribute));
                    break;
                case 13:
                    overload = reader.Text();
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return new OnnxFunction
        {
            Name = name,
            Domain = Canonical(domain),
            Overload = overload,
            Inputs = inputs,
            Outputs = outputs,
            Attributes = attributes,
            Defaults = defaults,
            Nodes = nodes,
            Opsets = opsets,
        };
    }

    private OnnxSparseTensor Sparse(ProtobufReader reader)
    {
        OnnxTensor? values = null, indices = null;
        List<long> dims = [];
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    values = Inside(reader, _tensors.Parse);
                    break;
                case 2:
                    indices = Inside(reader, _tensors.Parse);
                    break;
                case 3:
                    OnnxAttributeReader.Integers(reader, dims, _budget);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return values is not null && indices is not null
            ? new OnnxSparseTensor(values, indices, [.. dims])
            : throw reader.Error(reader.Position, "sparse tensor: expected values and indices, got only one of them.");
    }

    private void Opset(ProtobufReader reader, Dictionary<string, long> opsets)
    {
        _budget.Take(reader);
        string domain = string.Empty;
        long version = 0, outer = reader.Enter();
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    domain = reader.Text();
                    break;
                case 2:
                    version = reader.Int();
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        reader.Leave(outer);
        opsets[Canonical(domain)] = version;
    }

    // ONNX's own domain has two names.
    private static string Canonical(string domain) => domain is "ai.onnx" ? string.Empty : domain;

    private string Name(ProtobufReader reader)
    {
        _budget.Take(reader);
        return reader.Text();
    }

    internal OnnxGraph SubGraph(ProtobufReader reader) => Inside(reader, Graph);

    internal OnnxSparseTensor SubSparse(ProtobufReader reader) => Inside(reader, Sparse);

    private T Inside<T>(ProtobufReader reader, Func<ProtobufReader, T> read)
    {
        _budget.Take(reader);
        long outer = reader.Enter();
        T value = read(reader);
        reader.Leave(outer);
        return value;
    }
}
