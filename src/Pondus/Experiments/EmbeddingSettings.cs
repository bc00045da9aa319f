using Pondus.Experiments.Settings;

namespace Pondus.Experiments;

/// <summary>A table of vectors, one for each index such as a character's.</summary>
public sealed record EmbeddingSettings : LayerSettings
{
    /// <inheritdoc/>
    public override string Type => "Embedding";

    /// <summary>Gets the number of indices.</summary>
    public required int Count { get; init; }

    /// <summary>Gets the size of a vector.</summary>
    public required int Size { get; init; }

    /// <summary>Gets the index that stands for nothing, or null.</summary>
    public int? Padding { get; init; }

    internal override LayerSettings Visit(Fields f)
    {
        EmbeddingSettings visited = this with
        {
            Count = f.Get("count", Count, Kinds.Integer(1, 1 << 24), "Number of indices."),
            Size = f.Get("size", Size, Kinds.Integer(1), "Size of a vector."),
            Padding = f.Get("padding", Padding, Kinds.OptionalValue(Kinds.Integer(0)), "Index that stands for nothing: it starts at zeros and is not trained; or null."),
        };
        f.Check(visited.Padding is not { } padding || padding < visited.Count, "padding", $"an index below {visited.Count}", visited.Padding?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "null");
        return visited;
    }
}
