namespace Pondus.Weights;

/// <summary>Brings names of tensors to one spelling: what wrappers add in front is cut, and frameworks' words become PyTorch's.</summary>
internal static class NameSpelling
{
    private static readonly string[] s_wrappers = ["module", "model", "state_dict", "params", "batch_stats", "network", "net", "layers"];

    private static readonly Dictionary<string, string> s_words = new(StringComparer.Ordinal)
    {
        ["kernel"] = "weight",
        ["embedding"] = "weight",
        ["embeddings"] = "weight",
        ["gamma"] = "weight",
        ["scale"] = "weight",
        ["beta"] = "bias",
        ["moving_mean"] = "running_mean",
        ["moving_variance"] = "running_var",
        ["mean"] = "running_mean",
        ["var"] = "running_var",
    };

    /// <summary>Gives the one spelling, or an empty text when nothing is left.</summary>
    public static string Of(string name)
    {
        // Keras and TensorFlow end names of variables in :0.
        string plain = name.EndsWith(":0", StringComparison.Ordinal) ? name[..^2] : name;
        // A leading underscore is Python's mark of what is private.
        List<string> parts = [.. plain.Replace('/', '.').TrimStart('_').Split('.', StringSplitOptions.RemoveEmptyEntries)];
        parts.RemoveAll(static part => part is "_orig_mod" or "orig_mod");
        while (parts.Count > 1 && Array.IndexOf(s_wrappers, parts[0]) >= 0)
        {
            parts.RemoveAt(0);
        }

        if (parts.Count > 0 && s_words.TryGetValue(parts[^1], out string? word))
        {
            parts[^1] = word;
        }

        return string.Join('.', parts);
    }

    /// <summary>Gives the words of a name, each once.</summary>
    public static HashSet<string> Words(string name) => [.. Of(name).Split(['.', '/', '_', ':', '-'], StringSplitOptions.RemoveEmptyEntries)];
}
