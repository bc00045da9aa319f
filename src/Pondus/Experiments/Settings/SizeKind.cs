using System.Text.Json.Nodes;
using Pondus.Layers;

namespace Pondus.Experiments.Settings;

/// <summary>A size along height and width: one whole number for both, or a list of the two; for signals a number alone.</summary>
internal sealed class SizeKind(int minimum, bool image) : Kind<Size2d>
{
    private readonly Kind<int> _number = Kinds.Integer(minimum);

    public override string Expected => image ? $"{_number.Expected}, or [height, width]" : _number.Expected;

    public override bool Accepts(Size2d value) => value.Height >= minimum && value.Width >= minimum;

    public override Size2d Read(JsonNode? node, SettingPath path)
    {
        if (image && node is JsonArray pair)
        {
            return pair.Count == 2
                ? new Size2d(_number.Read(pair[0], path.Index(0)), _number.Read(pair[1], path.Index(1)))
                : throw path.Wrong(Expected, node);
        }

        return node is JsonValue ? _number.Read(node, path) : throw path.Wrong(Expected, node);
    }

    public override JsonNode? Write(Size2d value, bool sparse) =>
        value.Height == value.Width ? JsonValue.Create(value.Width) : new JsonArray(JsonValue.Create(value.Height), JsonValue.Create(value.Width));

    public override JsonObject Describe(SchemaDefinitions definitions)
    {
        JsonObject number = _number.Describe(definitions);
        return image
            ? new JsonObject { ["anyOf"] = new JsonArray(number, new JsonObject { ["type"] = "array", ["items"] = number.DeepClone(), ["minItems"] = 2, ["maxItems"] = 2 }) }
            : number;
    }
}
