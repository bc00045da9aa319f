using Pondus.Formats;
using Pondus.Formats.Onnx;
using Pondus.Formats.Protobuf;
using Pondus.Onnx;

namespace Pondus.Tests.Onnx;

/// <summary>Reads values that stand alone in a file, as ONNX's own tests keep them: TensorProto, SequenceProto or OptionalProto.</summary>
internal static class OnnxValueFile
{
    public static OnnxValue Read(string path, OnnxTypeInfo? type)
    {
        using RandomAccessFile file = RandomAccessFile.Open(path, "a tensor of ONNX");
        List<WeightRemark> remarks = [];
        using OnnxExternalData external = new(path, remarks);
        return Value(new ProtobufReader(file, 0, file.Length), new OnnxTensorParser(file, external, new OnnxBudget()), type);
    }

    private static OnnxValue Value(ProtobufReader reader, OnnxTensorParser tensors, OnnxTypeInfo? type) => type?.Type switch
    {
        OnnxType.Sequence => OnnxValue.Sequence(Items(reader, tensors, type)),
        OnnxType.Optional => OnnxValue.Optional(Items(reader, tensors, type).SingleOrDefault()),
        OnnxType.BFloat16 => BFloat16s(OnnxTensorReader.Read(tensors.Parse(reader))),
        _ => OnnxTensorReader.Read(tensors.Parse(reader)),
    };

    // NumPy has no bfloat16: the tests keep the bits as uint16.
    private static OnnxValue BFloat16s(OnnxValue value) => value.Type == OnnxType.UInt16
        ? OnnxValue.Of(Array.ConvertAll(value.Data<ushort>(), static bits => new BFloat16(bits)), value.Shape)
        : value;

    // Both messages keep tensors in field 3, sequences in 5 and (sequences only) optionals in 7.
    private static List<OnnxValue> Items(ProtobufReader reader, OnnxTensorParser tensors, OnnxTypeInfo type)
    {
        List<OnnxValue> items = [];
        while (reader.Next())
        {
            if (reader.Field is 3 or 5 or 7)
            {
                long outer = reader.Enter();
                items.Add(Value(reader, tensors, type.Element));
                reader.Leave(outer);
            }
            else
            {
                reader.Skip();
            }
        }

        return items;
    }
}
