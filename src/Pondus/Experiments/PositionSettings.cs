using Pondus.Experiments.Settings;
using Pondus.Layers;

namespace Pondus.Experiments;

/// <summary>Vectors of places, added to the tokens of a sample: learned ones, or waves.</summary>
public sealed record PositionSettings : MadeLayerSettings
{
    /// <summary>Makes the settings.</summary>
    /// <param name="type"><c>LearnedPositions</c> or <c>SinusoidalPositions</c>.</param>
    public PositionSettings(string type)
    {
        Type = type;
    }

    /// <inheritdoc/>
    public override string Type { get; }

    /// <summary>Gets the most tokens; null takes those of a sample.</summary>
    public int? Count { get; init; }

    internal override LayerSettings Visit(Fields f) => this with
    {
        Count = f.Get("count", Count, Kinds.OptionalValue(Kinds.Integer(1)), "Most tokens; null takes those of a sample."),
    };

    internal override Layer Make(in Shape input, RandomSource random, string path)
    {
        if (input.Rank != 2 || Count < input[0])
        {
            throw new ExperimentException(path, $"samples of (tokens, width){(Count is null ? string.Empty : $" with at most {Count} tokens")}", input.ToString());
        }

        int count = Count ?? input[0];
        return Type == "LearnedPositions" ? new LearnedPositions(count, input.Last, random) : new SinusoidalPositions(count, input.Last);
    }
}
