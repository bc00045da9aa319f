using Pondus.Experiments.Settings;
using Pondus.Networks;

namespace Pondus.Experiments;

/// <summary>A transformer over the patches of square pictures.</summary>
public sealed record VitNetworkSettings : NetworkSettings
{
    /// <inheritdoc/>
    public override string Network => "vit";

    /// <summary>Gets the height and width of a patch, which divides that of a picture.</summary>
    public int PatchSize { get; init; } = 4;

    /// <summary>Gets the number of blocks.</summary>
    public int Layers { get; init; } = 4;

    /// <summary>Gets the number of attention heads, which divides the width.</summary>
    public int Heads { get; init; } = 4;

    /// <summary>Gets the size of a token's vector.</summary>
    public int Width { get; init; } = 128;

    /// <summary>Gets the dropout on embeddings, attention weights and both branches of a block.</summary>
    public double Dropout { get; init; }

    internal override NetworkSettings Visit(Fields f)
    {
        VitNetworkSettings visited = this with
        {
            PatchSize = f.Get("patchSize", PatchSize, Kinds.Integer(1), "Height and width of a patch, which divides that of a picture."),
            Layers = f.Get("layers", Layers, Kinds.Integer(1), "Number of blocks."),
            Heads = f.Get("heads", Heads, Kinds.Integer(1), "Number of attention heads, which divides the width."),
            Width = f.Get("width", Width, Kinds.Integer(1), "Size of a token's vector."),
            Dropout = f.Get("dropout", Dropout, Kinds.Share, "Dropout on embeddings, attention weights and both branches of a block."),
        };
        f.Check(visited.Width % visited.Heads == 0, "heads", $"a number that divides the width {visited.Width}", visited.Heads.ToString(System.Globalization.CultureInfo.InvariantCulture));
        return visited;
    }

    internal override Layer Build(Shape input, int outputCount, RandomSource random)
    {
        Shape picture = Pictures(input, unit: PatchSize);
        return picture[1] == picture[2]
            ? new VisionTransformer(new VisionTransformerSettings { ImageSize = picture[1], PatchSize = PatchSize, Channels = picture[0], Classes = outputCount, Layers = Layers, Heads = Heads, Width = Width, Dropout = (float)Dropout }, random)
            : throw new ExperimentException("model", "square pictures for vit", input.ToString());
    }
}
