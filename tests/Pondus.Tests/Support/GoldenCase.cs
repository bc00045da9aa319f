using System.Text.Json;

namespace Pondus.Tests.Support;

/// <summary>One computation with its inputs, its results and its gradients.</summary>
public sealed class GoldenCase
{
    private readonly JsonElement _options;

    private GoldenCase(JsonElement json)
    {
        Name = json.GetProperty("name").GetString()!;
        Op = json.GetProperty("op").GetString()!;
        _options = json.TryGetProperty("options", out JsonElement options) ? options.Clone() : default;
        Inputs = Arrays(json, "inputs");
        Parameters = Arrays(json, "parameters");
        Labels = Arrays(json, "labels");
        Outputs = Arrays(json, "outputs");
    }

    /// <summary>Unique in its family.</summary>
    public string Name { get; }

    /// <summary>What is computed: tools/golden/README.md lists the names and their options.</summary>
    public string Op { get; }

    /// <summary>Tensors that get a gradient, in the order of the arguments.</summary>
    public IReadOnlyList<GoldenArray> Inputs { get; }

    /// <summary>Named weights of layers and networks.</summary>
    public IReadOnlyList<GoldenArray> Parameters { get; }

    /// <summary>Labels, indices and targets: they get no gradient.</summary>
    public IReadOnlyList<GoldenArray> Labels { get; }

    /// <summary>Results, with the gradients that go in.</summary>
    public IReadOnlyList<GoldenArray> Outputs { get; }

    /// <summary>The only output.</summary>
    public GoldenArray Output => Outputs.Single();

    /// <summary>Whether the numbers of one tensor span a range so wide that each must be compared by itself.</summary>
    public bool IsRange => Name.EndsWith("-range", StringComparison.Ordinal) || Name.EndsWith("-large", StringComparison.Ordinal);

    /// <summary>The input, parameter or label of this name.</summary>
    public GoldenArray this[string name] =>
        Inputs.Concat(Parameters).Concat(Labels).FirstOrDefault(array => array.Name == name)
        ?? throw new ArgumentException($"Golden case '{Name}': expected one of its arrays, got '{name}'.", nameof(name));

    /// <summary>Whether the option is given.</summary>
    public bool Has(string option) => _options.ValueKind == JsonValueKind.Object && _options.TryGetProperty(option, out _);

    /// <summary>A number among the options.</summary>
    public double Number(string option) => Option(option).GetDouble();

    /// <summary>A whole number among the options.</summary>
    public int Integer(string option) => Option(option).GetInt32();

    /// <summary>A switch among the options.</summary>
    public bool Flag(string option) => Option(option).GetBoolean();

    /// <summary>A text among the options.</summary>
    public string Text(string option) => Option(option).GetString()!;

    /// <summary>A list of whole numbers among the options.</summary>
    public int[] Integers(string option) => Option(option).EnumerateArray().Select(item => item.GetInt32()).ToArray();

    /// <summary>A list of numbers among the options.</summary>
    public float[] Numbers(string option) => Option(option).EnumerateArray().Select(item => item.GetSingle()).ToArray();

    /// <summary>An option as it stands in the file.</summary>
    public JsonElement Option(string option) =>
        Has(option)
            ? _options.GetProperty(option)
            : throw new ArgumentException($"Golden case '{Name}': expected one of its options, got '{option}'.", nameof(option));

    /// <inheritdoc/>
    public override string ToString() => Name;

    internal static GoldenCase Parse(JsonElement json) => new(json);

    private static GoldenArray[] Arrays(JsonElement json, string property) =>
        json.TryGetProperty(property, out JsonElement arrays)
            ? arrays.EnumerateArray().Select(GoldenArray.Parse).ToArray()
            : [];
}
