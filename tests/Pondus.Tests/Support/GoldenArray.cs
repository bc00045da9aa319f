using System.Text.Json;

namespace Pondus.Tests.Support;

/// <summary>One tensor of a golden case.</summary>
public sealed class GoldenArray
{
    private GoldenArray(JsonElement json)
    {
        Name = json.GetProperty("name").GetString()!;
        Shape = json.GetProperty("shape").EnumerateArray().Select(size => size.GetInt32()).ToArray();
        Values = Numbers(json, "values")!;
        Gradient = Numbers(json, "grad");
        Upstream = Numbers(json, "upstream");
        if (Values.Length != Shape.Aggregate(1, (product, size) => product * size))
        {
            throw new InvalidDataException($"Golden array '{Name}': expected the values of ({string.Join(", ", Shape)}), got {Values.Length}.");
        }
    }

    /// <summary>The argument's or parameter's name.</summary>
    public string Name { get; }

    /// <summary>Sizes, outermost first.</summary>
    public int[] Shape { get; }

    /// <summary>Row-major, in double precision; those of inputs are exact in single precision.</summary>
    public double[] Values { get; }

    /// <summary>The values of an input as the engine takes them.</summary>
    public float[] Singles => Array.ConvertAll(Values, value => (float)value);

    /// <summary>The values of labels and indices.</summary>
    public int[] Integers => Array.ConvertAll(Values, value => checked((int)value));

    /// <summary>The gradient that must come back to an input or a parameter.</summary>
    public double[]? Gradient { get; }

    /// <summary>The gradient that goes into an output, as the engine takes it.</summary>
    public float[] UpstreamSingles => Array.ConvertAll(Upstream!, value => (float)value);

    /// <summary>The gradient that goes into an output.</summary>
    public double[]? Upstream { get; }

    /// <summary>Row <paramref name="index"/> along the first axis.</summary>
    public double[] Row(int index)
    {
        int length = Values.Length / Shape[0];
        return Values.AsSpan(index * length, length).ToArray();
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Name} ({string.Join(", ", Shape)})";

    internal static GoldenArray Parse(JsonElement json) => new(json);

    private static double[]? Numbers(JsonElement json, string property) =>
        json.TryGetProperty(property, out JsonElement numbers)
            ? numbers.EnumerateArray().Select(number => number.GetDouble()).ToArray()
            : null;
}
