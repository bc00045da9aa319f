using System.Text.Json;
using System.Text.Json.Nodes;
using Pondus.Data;

namespace Pondus.Experiments.Settings;

/// <summary>A kind with a single JSON value.</summary>
internal abstract class ScalarKind<T> : Kind<T>
{
    protected abstract bool TryRead(JsonNode node, SettingPath path, out T value);

    /// <summary>Gets what to say after a refused value, such as the nearest name.</summary>
    protected virtual string Cure(JsonNode? node) => string.Empty;

    public override T Read(JsonNode? node, SettingPath path) =>
        node is JsonValue && TryRead(node, path, out T value) && Accepts(value) ? value : throw path.Wrong(Expected, node, Cure(node));
}

/// <summary>A finite number within limits; a limit is part of the range unless it is said to be open.</summary>
internal sealed class NumberKind(double minimum, double maximum, bool openMinimum, bool openMaximum) : ScalarKind<double>
{
    public override string Expected
    {
        get
        {
            bool below = double.IsFinite(maximum);
            if (!double.IsFinite(minimum))
            {
                return below ? $"a number {(openMaximum ? "below" : "of at most")} {maximum}" : "a number";
            }

            return below
                ? $"a number in {(openMinimum ? '(' : '[')}{minimum}, {maximum}{(openMaximum ? ')' : ']')}"
                : $"a number {(openMinimum ? "above" : "of at least")} {minimum}";
        }
    }

    public override bool Accepts(double value) =>
        double.IsFinite(value) && (openMinimum ? value > minimum : value >= minimum) && (openMaximum ? value < maximum : value <= maximum);

    public override JsonNode? Write(double value, bool sparse) => JsonValue.Create(value);

    public override JsonObject Describe(SchemaDefinitions definitions)
    {
        JsonObject schema = new() { ["type"] = "number" };
        if (double.IsFinite(minimum))
        {
            schema[openMinimum ? "exclusiveMinimum" : "minimum"] = minimum;
        }

        if (double.IsFinite(maximum))
        {
            schema[openMaximum ? "exclusiveMaximum" : "maximum"] = maximum;
        }

        return schema;
    }

    protected override bool TryRead(JsonNode node, SettingPath path, out double value)
    {
        value = 0;
        return node.GetValueKind() is JsonValueKind.Number && node.AsValue().TryGetValue(out value);
    }
}

/// <summary>A whole number within limits.</summary>
internal sealed class IntegerKind(long minimum, long maximum) : ScalarKind<long>
{
    // Limits that only stand for "as large as the type can hold" are of no interest to the reader of a message.
    private bool Bounded => maximum is not (int.MaxValue or long.MaxValue);

    public override string Expected =>
        Bounded ? $"an integer from {minimum} to {maximum}" : $"an integer of at least {minimum}";

    public override bool Accepts(long value) => value >= minimum && value <= maximum;

    public override JsonNode? Write(long value, bool sparse) => JsonValue.Create(value);

    public override JsonObject Describe(SchemaDefinitions definitions)
    {
        JsonObject schema = new() { ["type"] = "integer", ["minimum"] = minimum };
        if (Bounded)
        {
            schema["maximum"] = maximum;
        }

        return schema;
    }

    protected override bool TryRead(JsonNode node, SettingPath path, out long value)
    {
        value = 0;
        if (node.GetValueKind() is not JsonValueKind.Number)
        {
            return false;
        }

        if (node.AsValue().TryGetValue(out value))
        {
            return true;
        }

        // JSON has one type of number: 1e3 and 10.0 are whole numbers too.
        bool whole = node.AsValue().TryGetValue(out double number) && Math.Abs(number) < 1L << 53 && Math.Floor(number) == number;
        value = whole ? (long)number : 0;
        return whole;
    }
}

/// <summary>True or false.</summary>
internal sealed class FlagKind : ScalarKind<bool>
{
    public override string Expected => "true or false";

    public override bool Accepts(bool value) => true;

    public override JsonNode? Write(bool value, bool sparse) => JsonValue.Create(value);

    public override JsonObject Describe(SchemaDefinitions definitions) => new() { ["type"] = "boolean" };

    protected override bool TryRead(JsonNode node, SettingPath path, out bool value)
    {
        value = node.GetValueKind() is JsonValueKind.True;
        return node.GetValueKind() is JsonValueKind.True or JsonValueKind.False;
    }
}

/// <summary>A text that is not empty; as a path it is made absolute, from the folder of the experiment file.</summary>
internal sealed class TextKind(string expected, bool isPath) : ScalarKind<string>
{
    public override string Expected => expected;

    public override bool Accepts(string value) => !string.IsNullOrEmpty(value) && !value.Contains('\0', StringComparison.Ordinal);

    public override JsonNode? Write(string value, bool sparse) => JsonValue.Create(value);

    public override JsonObject Describe(SchemaDefinitions definitions) => new() { ["type"] = "string", ["minLength"] = 1 };

    protected override bool TryRead(JsonNode node, SettingPath path, out string value)
    {
        value = string.Empty;
        if (node.GetValueKind() is not JsonValueKind.String)
        {
            return false;
        }

        value = node.GetValue<string>();
        if (isPath && path.Folder is string folder && Accepts(value))
        {
            value = Path.GetFullPath(value, folder);
        }

        return true;
    }
}

/// <summary>One of a list of names.</summary>
internal sealed class NameKind(IReadOnlyList<string> names) : ScalarKind<string>
{
    public override string Expected => $"one of {string.Join(", ", names)}";

    public override bool Accepts(string value) => names.Contains(value, StringComparer.Ordinal);

    public override JsonNode? Write(string value, bool sparse) => JsonValue.Create(value);

    public override JsonObject Describe(SchemaDefinitions definitions) =>
        new() { ["enum"] = new JsonArray([.. names.Select(n => (JsonNode?)JsonValue.Create(n))]) };

    protected override bool TryRead(JsonNode node, SettingPath path, out string value)
    {
        value = node.GetValueKind() is JsonValueKind.String ? node.GetValue<string>() : string.Empty;
        return value.Length > 0;
    }

    protected override string Cure(JsonNode? node) =>
        node?.GetValueKind() is JsonValueKind.String ? NearestName.Hint(node.GetValue<string>(), names) : string.Empty;
}

/// <summary>A kind that is another one seen through a pair of conversions, such as an enum and its name.</summary>
internal sealed class ConvertedKind<TInner, T>(Kind<TInner> inner, Func<TInner, T> from, Func<T, TInner> to) : Kind<T>
{
    public override string Expected => inner.Expected;

    public override bool Accepts(T value) => inner.Accepts(to(value));

    public override T Read(JsonNode? node, SettingPath path) => from(inner.Read(node, path));

    public override JsonNode? Write(T value, bool sparse) => inner.Write(to(value), sparse);

    public override JsonObject Describe(SchemaDefinitions definitions) => inner.Describe(definitions);
}
