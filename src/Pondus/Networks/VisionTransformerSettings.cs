namespace Pondus.Networks;

/// <summary>Sizes of a <see cref="VisionTransformer"/>.</summary>
public sealed record VisionTransformerSettings
{
    /// <summary>Gets the height and width of a picture, a multiple of <see cref="PatchSize"/>.</summary>
    public int ImageSize { get; init; } = 32;

    /// <summary>Gets the height and width of a patch.</summary>
    public int PatchSize { get; init; } = 4;

    /// <summary>Gets the channels of a picture.</summary>
    public int Channels { get; init; } = 3;

    /// <summary>Gets the number of classes.</summary>
    public int Classes { get; init; } = 10;

    /// <summary>Gets the number of blocks.</summary>
    public int Layers { get; init; } = 4;

    /// <summary>Gets the number of attention heads, which divides the width.</summary>
    public int Heads { get; init; } = 4;

    /// <summary>Gets the size of a token's vector.</summary>
    public int Width { get; init; } = 128;

    /// <summary>Gets the size of the inner layer of a block; null takes four times the width.</summary>
    public int? Inner { get; init; }

    /// <summary>Gets the dropout on embeddings, attention weights and both branches of a block, in [0, 1).</summary>
    public float Dropout { get; init; }

    /// <summary>Gets what norms add to the variance, above 0.</summary>
    public float Epsilon { get; init; } = 1e-12f;

    /// <summary>Fails unless the sizes fit.</summary>
    internal void Check()
    {
        foreach (int size in (ReadOnlySpan<int>)[ImageSize, PatchSize, Channels, Classes, Layers, Heads, Width, Inner ?? 1])
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(size, 1, "settings");
        }

        if (Width % Heads != 0 || ImageSize % PatchSize != 0)
        {
            throw new ArgumentOutOfRangeException(nameof(Heads), Heads, $"VisionTransformer: expected heads that divide the width and patches that divide the picture, got {Heads} of {Width} and {PatchSize} of {ImageSize}.");
        }
    }
}
