namespace Pondus.Networks;

/// <summary>How the next token is chosen.</summary>
public sealed record GenerationSettings
{
    /// <summary>Gets what logits are divided by: below 1 the likely become likelier; 0 always takes the likeliest.</summary>
    public float Temperature { get; init; } = 1f;

    /// <summary>Gets how many of the likeliest tokens may be chosen; null for all.</summary>
    public int? TopK { get; init; }

    /// <summary>Gets the probability, in (0, 1], that the likeliest tokens which may be chosen have together at least.</summary>
    public float TopP { get; init; } = 1f;

    /// <summary>Gets the token that ends the text; null for none.</summary>
    public int? StopToken { get; init; }

    /// <summary>Gets the seed of the choices.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Fails unless the settings are in their ranges.</summary>
    internal GenerationSettings Checked()
    {
        if (Temperature is not (>= 0f and <= float.MaxValue))
        {
            throw new ArgumentOutOfRangeException(nameof(Temperature), Temperature, $"Generator: expected a temperature of at least 0, got {Temperature}.");
        }

        if (TopK < 1)
        {
            throw new ArgumentOutOfRangeException(nameof(TopK), TopK, $"Generator: expected at least 1 token to choose from, got {TopK}.");
        }

        return TopP is > 0f and <= 1f ? this : throw new ArgumentOutOfRangeException(nameof(TopP), TopP, $"Generator: expected a probability in (0, 1], got {TopP}.");
    }
}
