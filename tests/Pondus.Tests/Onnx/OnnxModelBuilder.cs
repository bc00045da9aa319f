using System.Buffers.Binary;
using System.Text;
using Pondus.Formats.Onnx;
using Pondus.Onnx;

namespace Pondus.Tests.Onnx;

/// <summary>Writes models of independent nodes, bytes by hand: another writer than the library's.</summary>
/// <remarks>The first input of a node is the graph's, the others are initializers: some runtimes want settings to be constant.</remarks>
internal sealed class OnnxModelBuilder(long opset)
{
    private const int WireVarint = 0, WireBytes = 2, WireFloat = 5;

    private readonly List<(int Field, byte[] Bytes)> _graph = [];
    private int _count;

    /// <summary>What a run of the model is given.</summary>
    public Dictionary<string, OnnxValue> Inputs { get; } = new(StringComparer.Ordinal);

    /// <summary>The nodes' names by the names of their outputs.</summary>
    public Dictionary<string, string> Subjects { get; } = new(StringComparer.Ordinal);

    public void Add(OnnxNodeCase one)
    {
        MemoryStream node = new();
        for (int i = 0; i < one.Inputs.Length; i++)
        {
            string name = one.Inputs[i] is null ? string.Empty : $"n{_count}_x{i}";
            Text(node, 1, name);
            if (one.Inputs[i] is not { } value)
            {
                continue;
            }

            if (i == 0)
            {
                Inputs[name] = value;
                _graph.Add((11, ValueInfo(name, value)));
            }
            else
            {
                _graph.Add((5, Tensor(name, value)));
            }
        }

        for (int i = 0; i < one.OutputCount; i++)
        {
            string name = $"n{_count}_y{i}";
            Text(node, 2, name);
            Subjects[name] = $"{one} [{i}]";
            _graph.Add((12, ValueInfo(name, null)));
        }

        Text(node, 3, $"{one.Type}{_count}");
        Text(node, 4, one.Type);
        Text(node, 7, one.Domain);
        foreach ((string name, object value) in one.Attributes)
        {
            Bytes(node, 5, Attribute(name, value));
        }

        _graph.Add((1, node.ToArray()));
        _count++;
    }

    public byte[] ToBytes()
    {
        MemoryStream model = new();
        // Versions of the file go with those of the operators: 10 came with opset 19, 4 with 9.
        Varint(model, 1, opset < 11 ? 4 : 10);
        MemoryStream graph = new();
        _graph.ForEach(part => Bytes(graph, part.Field, part.Bytes));
        Text(graph, 2, "nodes");
        Bytes(model, 7, graph.ToArray());
        foreach ((string domain, long version) in new[] { (string.Empty, opset), ("com.microsoft", 1L), ("ai.onnx.ml", 3L) })
        {
            MemoryStream set = new();
            Text(set, 1, domain);
            Varint(set, 2, version);
            Bytes(model, 8, set.ToArray());
        }

        return model.ToArray();
    }

    private static byte[] ValueInfo(string name, OnnxValue? value)
    {
        MemoryStream info = new();
        Text(info, 1, name);
        if (value is null)
        {
            return info.ToArray();
        }

        MemoryStream shape = new(), tensor = new(), type = new();
        foreach (int size in value.Shape)
        {
            MemoryStream axis = new();
            Varint(axis, 1, size);
            Bytes(shape, 1, axis.ToArray());
        }

        Varint(tensor, 1, (long)value.Type);
        Bytes(tensor, 2, shape.ToArray());
        Bytes(type, 1, tensor.ToArray());
        Bytes(info, 2, type.ToArray());
        return info.ToArray();
    }

    private static byte[] Tensor(string name, OnnxValue value)
    {
        MemoryStream tensor = new();
        foreach (int size in value.Shape)
        {
            Varint(tensor, 1, size);
        }

        Varint(tensor, 2, (long)value.Type);
        Text(tensor, 8, name);
        if (value.Type == OnnxType.String)
        {
            foreach (string text in value.Data<string>())
            {
                Text(tensor, 6, text);
            }
        }
        else
        {
            Bytes(tensor, 9, value.ToEntry(name).ReadBytes());
        }

        return tensor.ToArray();
    }

    private static byte[] Attribute(string name, object value)
    {
        MemoryStream attribute = new();
        Text(attribute, 1, name);
        switch (value)
        {
            case int or long:
                Varint(attribute, 3, Convert.ToInt64(value, System.Globalization.CultureInfo.InvariantCulture));
                Varint(attribute, 20, 2);
                break;
            case float or double:
                Float(attribute, 2, Convert.ToSingle(value, System.Globalization.CultureInfo.InvariantCulture));
                Varint(attribute, 20, 1);
                break;
            case string text:
                Text(attribute, 4, text);
                Varint(attribute, 20, 3);
                break;
            case int[] values:
                Array.ForEach(values, one => Varint(attribute, 8, one));
                Varint(attribute, 20, 7);
                break;
            case float[] values:
                Array.ForEach(values, one => Float(attribute, 7, one));
                Varint(attribute, 20, 6);
                break;
            case string[] values:
                Array.ForEach(values, one => Text(attribute, 9, one));
                Varint(attribute, 20, 8);
                break;
            case OnnxValue tensor:
                Bytes(attribute, 5, Tensor(string.Empty, tensor));
                Varint(attribute, 20, 4);
                break;
            default:
                throw new ArgumentException($"expected a kind of attribute that is known, got {value.GetType().Name}", nameof(value));
        }

        return attribute.ToArray();
    }

    private static void Text(MemoryStream message, int field, string text) => Bytes(message, field, Encoding.UTF8.GetBytes(text));

    private static void Bytes(MemoryStream message, int field, byte[] bytes)
    {
        Number(message, (ulong)((field << 3) | WireBytes));
        Number(message, (ulong)bytes.Length);
        message.Write(bytes);
    }

    private static void Varint(MemoryStream message, int field, long value)
    {
        Number(message, (ulong)((field << 3) | WireVarint));
        Number(message, (ulong)value);
    }

    private static void Float(MemoryStream message, int field, float value)
    {
        Number(message, (ulong)((field << 3) | WireFloat));
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
        message.Write(bytes);
    }

    private static void Number(MemoryStream message, ulong value)
    {
        for (; value >= 128; value >>= 7)
        {
            message.WriteByte((byte)(value | 128));
        }

        message.WriteByte((byte)value);
    }
}
