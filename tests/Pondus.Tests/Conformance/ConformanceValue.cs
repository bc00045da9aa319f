using System.Globalization;
using System.Text.Json;

namespace Pondus.Tests.Conformance;

/// <summary>An argument of one of PyTorch's samples: a tensor, a number, a text, a list, or nothing.</summary>
public sealed class ConformanceValue
{
    private readonly JsonElement _json;

    /// <summary>Reads a value; its floating tensors become leaves in the order in which PyTorch differentiated them.</summary>
    public ConformanceValue(JsonElement json, List<Tensor> leaves)
    {
        _json = json;
        if (json.ValueKind == JsonValueKind.Array)
        {
            Items = [.. json.EnumerateArray().Select(item => new ConformanceValue(item, leaves))];
        }
        else if (json.ValueKind == JsonValueKind.Object && json.TryGetProperty("tensor", out JsonElement tensor))
        {
            Array = ConformanceArray.Parse(tensor);
            if (Array.Kind == "float")
            {
                Tensor leaf = Tensor.Of(Array.Singles, Array.Shape);
                Leaf = Tape.Current is null ? leaf : leaf.WithGradient();
                leaves.Add(Leaf.Value);
            }
        }
    }

    /// <summary>The array of a tensor.</summary>
    public ConformanceArray? Array { get; }

    /// <summary>A floating tensor as a leaf of the open step.</summary>
    public Tensor? Leaf { get; }

    /// <summary>The items of a list or tuple.</summary>
    public ConformanceValue[]? Items { get; }

    /// <summary>Whether it is None.</summary>
    public bool IsNull => _json.ValueKind == JsonValueKind.Null;

    /// <summary>Whether it is a plain number.</summary>
    public bool IsNumber => _json.ValueKind is JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False || (_json.ValueKind == JsonValueKind.Object && _json.TryGetProperty("number", out _));

    /// <summary>Whether it is a text.</summary>
    public bool IsText => _json.ValueKind == JsonValueKind.String;

    /// <summary>The number.</summary>
    public double Number => _json.ValueKind switch
    {
        JsonValueKind.True => 1,
        JsonValueKind.False => 0,
        JsonValueKind.Number => _json.GetDouble(),
        JsonValueKind.Object when _json.TryGetProperty("number", out JsonElement text) => text.GetString() switch
        {
            "inf" => double.PositiveInfinity,
            "-inf" => double.NegativeInfinity,
            _ => double.NaN,
        },
        _ => throw new UnsupportedSampleException($"not a number: {this}"),
    };

    /// <summary>The whole number.</summary>
    public int Integer => Number == Math.Floor(Number) ? checked((int)Number) : throw new UnsupportedSampleException($"not a whole number: {this}");

    /// <summary>The truth value.</summary>
    public bool Boolean => Number != 0;

    /// <summary>The text.</summary>
    public string Text => IsText ? _json.GetString()! : throw new UnsupportedSampleException($"not a text: {this}");

    /// <summary>The floating tensor.</summary>
    public Tensor Tensor => Leaf ?? throw new UnsupportedSampleException(Array is { } array ? $"a tensor of {array.Kind}" : $"not a tensor: {this}");

    /// <summary>One whole number or a list of them, as a list of the given length; null for any length.</summary>
    public int[] Integers(int? count = null) => Items is { } items
        ? [.. items.Select(static item => item.Integer)]
        : [.. Enumerable.Repeat(Integer, count ?? 1)];

    /// <inheritdoc/>
    public override string ToString() => _json.GetRawText() is { Length: < 60 } text ? text : string.Create(CultureInfo.InvariantCulture, $"{_json.ValueKind}");
}
