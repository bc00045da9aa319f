namespace Pondus.Networks;

/// <summary>What a <see cref="ResNet"/> is made of.</summary>
public sealed record ResNetOptions
{
    /// <summary>Gets the number of blocks of each stage.</summary>
    public required IReadOnlyList<int> Depths { get; init; }

    /// <summary>Gets the number of channels that the blocks of each stage give.</summary>
    public required IReadOnlyList<int> Widths { get; init; }

    /// <summary>Gets the number of channels of the first convolution.</summary>
    public int StemWidth { get; init; } = 64;

    /// <summary>Gets a value indicating whether the first convolution is 3 x 3 and keeps the size, for small pictures; else it is 7 x 7 with stride 2, and pooling follows.</summary>
    public bool SmallStem { get; init; }

    /// <summary>Gets a value indicating whether blocks are bottlenecks (1 x 1, 3 x 3 on a quarter of the channels, 1 x 1); else two 3 x 3.</summary>
    public bool Bottleneck { get; init; }

    /// <summary>Gets a value indicating whether shortcuts that change size take every second pixel and add channels of zeros (option A of the paper); else they are 1 x 1 convolutions (option B).</summary>
    public bool PadsShortcuts { get; init; }

    /// <summary>Gets the depths that <see cref="OfDepth"/> knows.</summary>
    public static IReadOnlyList<int> KnownDepths { get; } = [18, 34, 50, 101, 152, 20, 32, 44, 56, 110];

    /// <summary>Gives the networks of the paper: 18, 34, 50, 101 and 152 layers for large pictures (torchvision's), 20, 32, 44, 56 and 110 for pictures of 32 x 32.</summary>
    /// <param name="depth">Number of layers with weights.</param>
    /// <returns>The options.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The depth is none of these.</exception>
    public static ResNetOptions OfDepth(int depth) => depth switch
    {
        18 => Large(false, 2, 2, 2, 2),
        34 => Large(false, 3, 4, 6, 3),
        50 => Large(true, 3, 4, 6, 3),
        101 => Large(true, 3, 4, 23, 3),
        152 => Large(true, 3, 8, 36, 3),
        20 or 32 or 44 or 56 or 110 => new ResNetOptions
        {
            Depths = [(depth - 2) / 6, (depth - 2) / 6, (depth - 2) / 6],
            Widths = [16, 32, 64],
            StemWidth = 16,
            SmallStem = true,
            PadsShortcuts = true,
        },
        _ => throw new ArgumentOutOfRangeException(nameof(depth), depth, $"ResNetOptions: expected a depth of {string.Join(", ", KnownDepths)}, got {depth}."),
    };

    private static ResNetOptions Large(bool bottleneck, params IReadOnlyList<int> depths)
    {
        int factor = bottleneck ? 4 : 1;
        return new ResNetOptions { Depths = depths, Widths = [64 * factor, 128 * factor, 256 * factor, 512 * factor], Bottleneck = bottleneck };
    }
}
