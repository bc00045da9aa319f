using Pondus.Experiments.Settings;
using Pondus.Networks;

namespace Pondus.Experiments;

/// <summary>A residual network.</summary>
public sealed record ResNetSettings : NetworkSettings
{
    /// <inheritdoc/>
    public override string Network => "resnet";

    /// <summary>Gets the number of layers with weights: 18, 34, 50, 101 or 152 for large pictures, 20, 32, 44, 56 or 110 for small ones.</summary>
    public int Depth { get; init; } = 20;

    /// <summary>Gets what shortcuts that change size are made of.</summary>
    public ResNetShortcut Shortcut { get; init; } = ResNetShortcut.Projection;

    internal override NetworkSettings Visit(Fields f)
    {
        ResNetSettings visited = this with
        {
            Depth = f.Get("depth", Depth, Kinds.Integer(1), "Layers with weights: 18, 34, 50, 101 or 152 for large pictures, 20, 32, 44, 56 or 110 for small ones."),
            Shortcut = f.Get("shortcut", Shortcut, Kinds.Choice<ResNetShortcut>(), "What shortcuts that change size are made of."),
        };
        f.Check(ResNetOptions.KnownDepths.Contains(visited.Depth), "depth", $"one of {string.Join(", ", ResNetOptions.KnownDepths)}", $"{visited.Depth}");
        return visited;
    }

    internal override Layer Build(Shape input, int outputCount, RandomSource random) =>
        new ResNet(Pictures(input)[0], outputCount, ResNetOptions.OfDepth(Depth) with { PadsShortcuts = Shortcut == ResNetShortcut.Padding }, random);
}
