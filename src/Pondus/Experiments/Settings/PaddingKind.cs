using System.Text.Json.Nodes;
using Pondus.Layers;

namespace Pondus.Experiments.Settings;

/// <summary>The padding of a convolution: a size, or <c>same</c>.</summary>
internal sealed class PaddingKind(bool image) : Kind<Padding>
{
    private const string Same = "same";
    private readonly SizeKind _size = new(0, image);

    public override string Expected => $"{_size.Expected}, or \"{Same}\"";

    public override bool Accepts(Padding value) => value == Padding.Same || _size.Accepts((value.Height, value.Width));

    public override Padding Read(JsonNode? node, SettingPath path)
    {
        if (node is JsonValue value && value.TryGetValue(out string? text))
        {
            return text == Same ? Padding.Same : throw path.Wrong(Expected, node);
        }

        return node is JsonValue or JsonArray ? _size.Read(node, path) : throw path.Wrong(Expected, node);
    }

    public override JsonNode? Write(Padding value, bool sparse) => value == Padding.Same ? JsonValue.Create(Same) : _size.Write((value.Height, value.Width), sparse);

    public override JsonObject Describe(SchemaDefinitions definitions) => new()
    {
        ["anyOf"] = new JsonArray(_size.Describe(definitions), new JsonObject { ["const"] = Same }),
    };
}
