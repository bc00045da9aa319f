using Pondus.Experiments.Settings;
using Pondus.Layers;

namespace Pondus.Experiments;

/// <summary>Adds places around images or signals.</summary>
/// <param name="type">One of <see cref="Names"/>.</param>
public sealed record PadSettings(string type) : MadeLayerSettings
{
    /// <summary>Gets the names of the layers.</summary>
    public static IReadOnlyList<string> Names { get; } =
        ["ZeroPad2d", "ConstantPad1d", "ConstantPad2d", "ReflectionPad1d", "ReflectionPad2d", "ReplicationPad1d", "ReplicationPad2d"];

    /// <inheritdoc/>
    public override string Type => type;

    /// <summary>Gets the places on each side.</summary>
    public PadSize Size { get; init; } = 1;

    /// <summary>Gets what the places of a constant padding hold.</summary>
    public double Value { get; init; }

    internal override Layer Make(in Shape input, RandomSource random, string path) => Type switch
    {
        "ZeroPad2d" => new ZeroPad2d(Size),
        "ConstantPad1d" => new ConstantPad1d(Size, (float)Value),
        "ConstantPad2d" => new ConstantPad2d(Size, (float)Value),
        "ReflectionPad1d" => new ReflectionPad1d(Size),
        "ReflectionPad2d" => new ReflectionPad2d(Size),
        "ReplicationPad1d" => new ReplicationPad1d(Size),
        _ => new ReplicationPad2d(Size),
    };

    internal override LayerSettings Visit(Fields f)
    {
        bool image = Type.EndsWith("2d", StringComparison.Ordinal);
        Kind<int> side = Kinds.Integer(-65536, 65536);
        return this with
        {
            Size = new PadSize(
                f.Get("left", Size.Left, side, "Places before the first column."),
                f.Get("right", Size.Right, side, "Places behind the last column."),
                image ? f.Get("top", Size.Top, side, "Places above the first row.") : 0,
                image ? f.Get("bottom", Size.Bottom, side, "Places below the last row.") : 0),
            Value = Type.StartsWith("Constant", StringComparison.Ordinal) ? f.Get("value", Value, Kinds.AnyNumber, "What the added places hold.") : Value,
        };
    }
}
