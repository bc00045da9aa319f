using Pondus.Experiments.Settings;

namespace Pondus.Experiments;

/// <summary>Fine-tuning by maps of low rank, see <see cref="LowRankAdaptation"/>.</summary>
public sealed record LoraSettings
{
    /// <summary>Gets the rank of each map.</summary>
    public int Rank { get; init; } = 8;

    /// <summary>Gets the scale: a map's output is multiplied by alpha / rank; null takes the rank.</summary>
    public double? Alpha { get; init; }

    /// <summary>Gets patterns of names of the layers to adapt; empty takes every linear map.</summary>
    public IReadOnlyList<string> Match { get; init; } = [];

    internal static Kind<LoraSettings> Kind { get; } = new SectionKind<LoraSettings>(
        new(),
        static (s, f) => s with
        {
            Rank = f.Get("rank", s.Rank, Kinds.Integer(1), "Rank of each map."),
            Alpha = f.Get("alpha", s.Alpha, Kinds.OptionalValue(Kinds.Positive), "Scale: a map's output is multiplied by alpha / rank; null takes the rank."),
            Match = f.Get("match", s.Match, Kinds.List(Kinds.Text("a pattern of layer names")), "Layers to adapt, * stands for any letters; empty takes every linear map."),
        },
        "rank");
}
