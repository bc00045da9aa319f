using Pondus.Experiments.Settings;

namespace Pondus.Experiments;

/// <summary>Pictures of the letters A, B and C, drawn from strokes by Pondus itself.</summary>
public sealed record LettersDataSettings : DataSettings
{
    /// <inheritdoc/>
    public override string Source => "letters";

    /// <summary>Gets the number of pictures.</summary>
    public int Count { get; init; } = 3000;

    /// <summary>Gets the width and height in pixels.</summary>
    public int Size { get; init; } = 28;

    /// <summary>Gets the deviation of the noise added to each pixel, whose range is [0, 1].</summary>
    public double Noise { get; init; } = 0.05;

    internal override DataSettings VisitSource(Fields f) => this with
    {
        Count = f.Get("count", Count, Kinds.Integer(3, 1_000_000), "Number of pictures."),
        Size = f.Get("size", Size, Kinds.Integer(8, 256), "Width and height in pixels."),
        Noise = f.Get("noise", Noise, Kinds.NotNegative, "Deviation of the noise added to each pixel, whose range is [0, 1]."),
    };
}
