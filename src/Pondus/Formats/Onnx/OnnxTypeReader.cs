using Pondus.Formats.Protobuf;

namespace Pondus.Formats.Onnx;

/// <summary>Reads ValueInfoProto and TypeProto messages.</summary>
internal static class OnnxTypeReader
{
    private const int MaxRank = 64;

    public static OnnxValueInfo ValueInfo(ProtobufReader reader)
    {
        string name = string.Empty;
        OnnxTypeInfo? type = null;
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    name = reader.Text();
                    break;
                case 2:
                    type = Inside(reader, TypeInfo);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return new OnnxValueInfo(name, type);
    }

    public static OnnxTypeInfo? TypeInfo(ProtobufReader reader)
    {
        OnnxTypeInfo? type = null;
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1 or 8:
                    type = Inside(reader, OfTensor);
                    break;
                case 4:
                    type = new OnnxTypeInfo(OnnxType.Sequence, null, Inside(reader, OfElement));
                    break;
                case 5:
                    type = new OnnxTypeInfo(OnnxType.Map, null, Inside(reader, OfMap));
                    break;
                case 9:
                    type = new OnnxTypeInfo(OnnxType.Optional, null, Inside(reader, OfElement));
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return type;
    }

    private static OnnxTypeInfo OfTensor(ProtobufReader reader)
    {
        OnnxType type = OnnxType.Undefined;
        List<OnnxDimension>? dims = null;
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    type = (OnnxType)Math.Clamp(reader.Int(), 0, int.MaxValue);
                    break;
                case 2:
                    dims = Inside(reader, Dims);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return new OnnxTypeInfo(type, dims);
    }

    private static OnnxTypeInfo? OfElement(ProtobufReader reader)
    {
        OnnxTypeInfo? type = null;
        while (reader.Next())
        {
            if (reader.Field == 1)
            {
                type = Inside(reader, TypeInfo);
            }
            else
            {
                reader.Skip();
            }
        }

        return type;
    }

    private static OnnxTypeInfo? OfMap(ProtobufReader reader)
    {
        OnnxTypeInfo? type = null;
        while (reader.Next())
        {
            if (reader.Field == 2)
            {
                type = Inside(reader, TypeInfo);
            }
            else
            {
                reader.Skip();
            }
        }

        return type;
    }

    private static List<OnnxDimension> Dims(ProtobufReader reader)
    {
        List<OnnxDimension> dims = [];
        while (reader.Next())
        {
            if (reader.Field != 1)
            {
                reader.Skip();
                continue;
            }

            dims.Add(Inside(reader, Dimension));
            if (dims.Count > MaxRank)
            {
                throw reader.Error(reader.Position, $"type: expected at most {MaxRank} axes, got more.");
            }
        }

        return dims;
    }

    private static OnnxDimension Dimension(ProtobufReader reader)
    {
        OnnxDimension dimension = default;
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    long size = reader.Int();
                    dimension = size >= 0 ? new OnnxDimension(size, null) : default;
                    break;
                case 2:
                    dimension = new OnnxDimension(null, reader.Text());
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return dimension;
    }

    private static T Inside<T>(ProtobufReader reader, Func<ProtobufReader, T> read)
    {
        long outer = reader.Enter();
        T value = read(reader);
        reader.Leave(outer);
        return value;
    }
}
