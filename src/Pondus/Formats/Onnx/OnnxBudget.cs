using Pondus.Formats.Protobuf;

namespace Pondus.Formats.Onnx;

/// <summary>Bounds what a model may consist of: a node takes 2 bytes in a file and a hundred in memory.</summary>
internal sealed class OnnxBudget
{
    private const long MaxParts = 2_000_000;
    private const long MaxNumbers = 1 << 24;

    private long _parts;
    private long _numbers;

    /// <summary>Counts a node, attribute, name, text or tensor.</summary>
    public void Take(ProtobufReader reader)
    {
        if (++_parts > MaxParts)
        {
            throw reader.Error(reader.Position, $"expected a model of at most {MaxParts} nodes, names, texts and tensors, got more.");
        }
    }

    /// <summary>Counts a number in an attribute.</summary>
    public void TakeNumber(ProtobufReader reader)
    {
        if (++_numbers > MaxNumbers)
        {
            throw reader.Error(reader.Position, $"expected at most {MaxNumbers} numbers in attributes, got more.");
        }
    }
}
