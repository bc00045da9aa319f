using Pondus.Experiments.Settings;
using Pondus.Layers;

namespace Pondus.Experiments;

/// <summary>Resizes images.</summary>
public sealed record UpsampleSettings : MadeLayerSettings
{
    /// <inheritdoc/>
    public override string Type => "Upsample";

    /// <summary>Gets the output's size over the input's, where no size is given.</summary>
    public double Factor { get; init; } = 2;

    /// <summary>Gets the size of the output; null takes the factor.</summary>
    public Size2d? Size { get; init; }

    /// <summary>Gets how values are made.</summary>
    public UpsampleMode Mode { get; init; }

    /// <summary>Gets whether the corner places of input and output are the same.</summary>
    public bool AlignCorners { get; init; }

    internal override Layer Make(in Shape input, RandomSource random, string path) =>
        Size is { } size ? Upsample.ToSize(size, Mode, AlignCorners) : new Upsample(Factor, Mode, AlignCorners);

    internal override LayerSettings Visit(Fields f) => this with
    {
        Factor = f.Get("factor", Factor, Kinds.Positive, "The output's size over the input's, where no size is given."),
        Size = f.Get("size", Size, Kinds.OptionalValue(new SizeKind(1, image: true)), "Size of the output; null takes the factor."),
        Mode = f.Get("mode", Mode, Kinds.Choice<UpsampleMode>(), "How values are made."),
        AlignCorners = f.Get("alignCorners", AlignCorners, Kinds.Flag, "Whether the corner places of input and output are the same."),
    };
}
