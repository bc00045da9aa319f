using System.Text.Json;
using System.Text.Json.Nodes;

namespace Pondus.Experiments.Settings;

/// <summary>Where a setting stands, for messages, and the folder that relative paths in the file start from.</summary>
/// <param name="Text">Path such as <c>model[2].rate</c>; empty for the root.</param>
/// <param name="Folder">Folder of the experiment file, or null when relative paths are left as they are.</param>
internal readonly record struct SettingPath(string Text, string? Folder)
{
    public SettingPath Key(string key) => this with { Text = Text.Length == 0 ? key : $"{Text}.{key}" };

    public SettingPath Index(int index) => this with { Text = $"{Text}[{index}]" };

    public ExperimentException Wrong(string expected, JsonNode? got, string cure = "") => Wrong(expected, Show(got), cure);

    public ExperimentException Wrong(string expected, string got, string cure = "") =>
        new(Text.Length == 0 ? "experiment" : Text, $"expected {expected}, got {got}.{cure}");

    public static string Show(JsonNode? node)
    {
        switch (node?.GetValueKind())
        {
            case null or JsonValueKind.Null:
                return "null";
            case JsonValueKind.Object:
                return "an object";
            case JsonValueKind.Array:
                return "a list";
            default:
                // The message stays on one line of readable length: JSON escapes control characters, long texts are cut.
                string text = node!.ToJsonString();
                return text.Length <= 60 ? text : $"{text[..57]}...";
        }
    }
}
