using Pondus.Experiments.Settings;
using Pondus.Networks;

namespace Pondus.Experiments;

/// <summary>A U-Net: values or class scores for each pixel.</summary>
public sealed record UNetSettings : NetworkSettings
{
    /// <inheritdoc/>
    public override string Network => "unet";

    /// <summary>Gets the channels of each level.</summary>
    public IReadOnlyList<int> Widths { get; init; } = [32, 64, 128];

    internal override NetworkSettings Visit(Fields f) => this with
    {
        Widths = f.Get("widths", Widths, Kinds.List(Kinds.Integer(1), minimumCount: 1), "Channels of each level; sizes are halved between levels."),
    };

    internal override Layer Build(Shape input, int outputCount, RandomSource random)
    {
        Shape pictures = Pictures(input, 1, 1 << (Widths.Count - 1));
        // Of numbers, as many channels as make a picture's worth of targets; of classes, one channel each.
        int pixels = pictures[1] * pictures[2];
        return new UNet(pictures[0], outputCount >= pixels && outputCount % pixels == 0 ? outputCount / pixels : outputCount, [.. Widths], random);
    }
}
