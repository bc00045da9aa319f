using System.Text.Json.Nodes;

namespace Pondus.Experiments.Settings;

/// <summary>A list of layers, or an object or bare name that names a network.</summary>
internal sealed class ModelKind : Kind<ModelSettings>
{
    private readonly Kind<IReadOnlyList<LayerSettings>> _layers = Kinds.List(LayerSettings.Kind, minimumCount: 1);

    public override string Expected => "a list of layers, or a network such as {\"network\": \"mlp\"}";

    public override bool HasSettings => true;

    public override bool Accepts(ModelSettings value) => value is not null;

    public override ModelSettings Read(JsonNode? node, SettingPath path) => node switch
    {
        JsonArray => new LayersSettings(_layers.Read(node, path)),
        JsonObject => NetworkSettings.NamedKind.Read(node, path),
        JsonValue value when value.TryGetValue(out string? _) => NetworkSettings.NamedKind.Read(node, path),
        _ => throw path.Wrong(Expected, node),
    };

    public override JsonNode? Write(ModelSettings value, bool sparse) =>
        value is LayersSettings model ? _layers.Write(model.Layers, sparse) : NetworkSettings.NamedKind.Write(value, sparse);

    public override JsonObject Describe(SchemaDefinitions definitions) =>
        new() { ["anyOf"] = new JsonArray(_layers.Describe(definitions), NetworkSettings.NamedKind.Describe(definitions)) };
}
