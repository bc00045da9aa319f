using Pondus.Experiments.Settings;
using Pondus.Networks;

namespace Pondus.Experiments;

/// <summary>MobileNetV2, a small network of depthwise convolutions.</summary>
public sealed record MobileNetSettings : NetworkSettings
{
    /// <inheritdoc/>
    public override string Network => "mobilenet";

    /// <summary>Gets the factor on the number of channels.</summary>
    public double Width { get; init; } = 1;

    /// <summary>Gets how many times more channels a block has inside.</summary>
    public int Expand { get; init; } = 6;

    /// <summary>Gets the number of layers that halve the size; null chooses by the size of the pictures.</summary>
    public int? Halvings { get; init; }

    /// <summary>Gets the dropout before the last layer.</summary>
    public double Dropout { get; init; } = 0.2;

    internal override NetworkSettings Visit(Fields f) => this with
    {
        Width = f.Get("width", Width, Kinds.Positive, "Factor on the number of channels."),
        Expand = f.Get("expand", Expand, Kinds.Integer(1), "How many times more channels a block has inside."),
        Halvings = f.Get("halvings", Halvings, Kinds.OptionalValue(Kinds.Integer(0, 5)), "Number of layers that halve the size; by the size of the pictures when it is not given."),
        Dropout = f.Get("dropout", Dropout, Kinds.Share, "Dropout before the last layer."),
    };

    internal override Layer Build(Shape input, int outputCount, RandomSource random)
    {
        Shape pictures = Pictures(input);
        // The last stages should still see 4 x 4 pixels or more, as they see 7 x 7 of the paper's 224 x 224.
        int halvings = Halvings ?? Math.Clamp((int)Math.Log2(Math.Max(1, Math.Min(pictures[1], pictures[2]) / 4.0)), 0, 5);
        MobileNetV2Options options = new() { WidthMultiplier = (float)Width, ExpandRatio = Expand, Halvings = halvings, Dropout = (float)Dropout };
        return new MobileNetV2(pictures[0], outputCount, random, options);
    }
}
