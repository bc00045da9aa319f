using Pondus.Formats.Protobuf;

namespace Pondus.Formats.Onnx;

/// <summary>Reads AttributeProto messages.</summary>
internal sealed class OnnxAttributeReader(OnnxReader graphs, OnnxTensorParser tensors, OnnxBudget budget)
{
    private readonly List<float> _floats = [];
    private readonly List<long> _ints = [];
    private readonly List<byte[]> _strings = [];
    private readonly List<OnnxTensor> _tensors = [];
    private readonly List<OnnxGraph> _graphs = [];
    private OnnxAttribute _attribute = new() { Name = string.Empty, Kind = OnnxAttributeKind.Undefined };
    private OnnxAttributeKind _seen;

    public OnnxAttribute Read(ProtobufReader reader)
    {
        while (reader.Next())
        {
            if (!TakeSingle(reader) && !TakeList(reader))
            {
                reader.Skip();
            }
        }

        return _attribute with
        {
            // The oldest files do not say the kind.
            Kind = _attribute.Kind == OnnxAttributeKind.Undefined ? _seen : _attribute.Kind,
            Floats = [.. _floats],
            Ints = [.. _ints],
            Strings = [.. _strings],
            Tensors = _tensors,
            Graphs = _graphs,
        };
    }

    /// <summary>Reads integers, packed or one.</summary>
    public static void Integers(ProtobufReader reader, List<long> list, OnnxBudget budget)
    {
        if (reader.Wire != WireType.Bytes)
        {
            budget.TakeNumber(reader);
            list.Add(reader.Int());
            return;
        }

        long outer = reader.Enter();
        while (reader.Position < reader.End)
        {
            budget.TakeNumber(reader);
            list.Add((long)reader.Varint());
        }

        reader.Leave(outer);
    }

    private bool TakeSingle(ProtobufReader reader)
    {
        switch (reader.Field)
        {
            case 1:
                _attribute = _attribute with { Name = reader.Text() };
                return true;
            case 2:
                _attribute = _attribute with { Float = reader.Single() };
                return Saw(OnnxAttributeKind.Float);
            case 3:
                _attribute = _attribute with { Int = reader.Int() };
                return Saw(OnnxAttributeKind.Int);
            case 4:
                _attribute = _attribute with { Bytes = reader.Bytes() };
                return Saw(OnnxAttributeKind.String);
            case 5:
                _attribute = _attribute with { Tensor = Tensor(reader) };
                return Saw(OnnxAttributeKind.Tensor);
            case 6:
                _attribute = _attribute with { Graph = graphs.SubGraph(reader) };
                return Saw(OnnxAttributeKind.Graph);
            case 14:
                long outer = reader.Enter();
                _attribute = _attribute with { TypeInfo = OnnxTypeReader.TypeInfo(reader) };
                reader.Leave(outer);
                return Saw(OnnxAttributeKind.TypeProto);
            case 20:
                _attribute = _attribute with { Kind = (OnnxAttributeKind)Math.Clamp(reader.Int(), 0, int.MaxValue) };
                return true;
            case 21:
                _attribute = _attribute with { Reference = reader.Text() };
                return true;
            case 22:
                _attribute = _attribute with { SparseTensor = graphs.SubSparse(reader) };
                return Saw(OnnxAttributeKind.SparseTensor);
            default:
                return false;
        }
    }

    private bool TakeList(ProtobufReader reader)
    {
        switch (reader.Field)
        {
            case 7:
                Floats(reader);
                return Saw(OnnxAttributeKind.Floats);
            case 8:
                Integers(reader, _ints, budget);
                return Saw(OnnxAttributeKind.Ints);
            case 9:
                budget.Take(reader);
                _strings.Add(reader.Bytes());
                return Saw(OnnxAttributeKind.Strings);
            case 10:
                _tensors.Add(Tensor(reader));
                return Saw(OnnxAttributeKind.Tensors);
            case 11:
                _graphs.Add(graphs.SubGraph(reader));
                return Saw(OnnxAttributeKind.Graphs);
            default:
                return false;
        }
    }

    private bool Saw(OnnxAttributeKind kind)
    {
        _seen = kind;
        return true;
    }

    private void Floats(ProtobufReader reader)
    {
        if (reader.Wire != WireType.Bytes)
        {
            budget.TakeNumber(reader);
            _floats.Add(reader.Single());
            return;
        }

        long outer = reader.Enter();
        while (reader.Position < reader.End)
        {
            budget.TakeNumber(reader);
            _floats.Add(BitConverter.UInt32BitsToSingle(reader.Fixed32()));
        }

        reader.Leave(outer);
    }

    private OnnxTensor Tensor(ProtobufReader reader)
    {
        budget.Take(reader);
        long outer = reader.Enter();
        OnnxTensor tensor = tensors.Parse(reader);
        reader.Leave(outer);
        return tensor;
    }
}
