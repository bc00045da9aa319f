namespace Pondus.Networks;

/// <summary>What a <see cref="MobileNetV2"/> is made of; the defaults are torchvision's.</summary>
public sealed record MobileNetV2Options
{
    /// <summary>Gets the factor on the number of channels of all layers, above 0.</summary>
    public float WidthMultiplier { get; init; } = 1f;

    /// <summary>Gets how many times more channels a block has inside, at least 1.</summary>
    public int ExpandRatio { get; init; } = 6;

    /// <summary>Gets the dropout before the last layer, in [0, 1).</summary>
    public float Dropout { get; init; } = 0.2f;

    /// <summary>Gets what the batch norms add to the variance.</summary>
    public float Epsilon { get; init; } = 1e-5f;

    /// <summary>Gets the number of layers that halve the size, from 0 to 5: 5 for large pictures, fewer for small ones.</summary>
    public int Halvings { get; init; } = 5;

    /// <summary>Gets a value indicating whether layers with a stride pad as TensorFlow does: so that a picture of even size gets its odd zero at the right and the bottom.</summary>
    public bool PadsAsTensorFlow { get; init; }

    /// <summary>Gets a value indicating whether the first block adds its input where it has as many channels as its output, which is so with small multipliers alone; Hugging Face's never does.</summary>
    public bool ShortcutInFirstBlock { get; init; } = true;
}
