using System.Text.Json;
using System.Text.Json.Nodes;

namespace Pondus.Experiments.Settings;

/// <summary>A name that can be part of a folder's name on every system.</summary>
internal sealed class RunNameKind : ScalarKind<string>
{
    public override string Expected => "a name of letters, digits, '.', '_' and '-', at most 64, that begins with a letter or digit";

    public override bool Accepts(string value) =>
        value.Length is > 0 and <= 64 && char.IsAsciiLetterOrDigit(value[0]) && value.All(static c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');

    public override JsonNode? Write(string value, bool sparse) => JsonValue.Create(value);

    public override JsonObject Describe(SchemaDefinitions definitions) =>
        new() { ["type"] = "string", ["pattern"] = "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$" };

    protected override bool TryRead(JsonNode node, SettingPath path, out string value)
    {
        value = node.GetValueKind() is JsonValueKind.String ? node.GetValue<string>() : string.Empty;
        return value.Length > 0;
    }
}
