using Pondus.Experiments.Settings;
using Pondus.Networks;

namespace Pondus.Experiments;

/// <summary>A transformer that predicts the token behind each place of a text.</summary>
public sealed record GptNetworkSettings : NetworkSettings
{
    /// <inheritdoc/>
    public override string Network => "gpt";

    /// <summary>Gets the number of blocks.</summary>
    public int Layers { get; init; } = 4;

    /// <summary>Gets the number of attention heads, which divides the width.</summary>
    public int Heads { get; init; } = 4;

    /// <summary>Gets the size of a token's vector.</summary>
    public int Width { get; init; } = 128;

    /// <summary>Gets the dropout on embeddings, attention weights and both branches of a block.</summary>
    public double Dropout { get; init; }

    /// <summary>Gets whether linear maps and norms have biases.</summary>
    public bool Bias { get; init; } = true;

    /// <summary>Gets whether the output's weight is the table of tokens.</summary>
    public bool TiedHead { get; init; } = true;

    internal override NetworkSettings Visit(Fields f)
    {
        GptNetworkSettings visited = this with
        {
            Layers = f.Get("layers", Layers, Kinds.Integer(1), "Number of blocks."),
            Heads = f.Get("heads", Heads, Kinds.Integer(1), "Number of attention heads, which divides the width."),
            Width = f.Get("width", Width, Kinds.Integer(1), "Size of a token's vector."),
            Dropout = f.Get("dropout", Dropout, Kinds.Share, "Dropout on embeddings, attention weights and both branches of a block."),
            Bias = f.Get("bias", Bias, Kinds.Flag, "Whether linear maps and norms have biases."),
            TiedHead = f.Get("tiedHead", TiedHead, Kinds.Flag, "Whether the output's weight is the table of tokens."),
        };
        f.Check(visited.Width % visited.Heads == 0, "heads", $"a number that divides the width {visited.Width}", visited.Heads.ToString(System.Globalization.CultureInfo.InvariantCulture));
        return visited;
    }

    internal override Layer Build(Shape input, int outputCount, RandomSource random) => input.Rank == 1
        ? new Gpt(new GptSettings { Vocabulary = outputCount, Context = input[0], Layers = Layers, Heads = Heads, Width = Width, Dropout = (float)Dropout, Bias = Bias, TiedHead = TiedHead }, random)
        : throw new ExperimentException("model", "windows of tokens, as a text gives them, for gpt", input.ToString());
}
