using Pondus.Experiments.Settings;
using Pondus.Layers;
using Pondus.Networks;

namespace Pondus.Experiments;

/// <summary>A recurrent network: over tokens it predicts the one behind each place, over vectors or the rows of a picture it answers once.</summary>
public sealed record RecurrentNetworkSettings : NetworkSettings
{
    /// <summary>Makes the settings of a recurrent network.</summary>
    /// <param name="network"><c>lstm</c> or <c>gru</c>.</param>
    public RecurrentNetworkSettings(string network)
    {
        Network = network;
    }

    /// <inheritdoc/>
    public override string Network { get; }

    /// <summary>Gets the number of hidden units of a direction.</summary>
    public int Hidden { get; init; } = 128;

    /// <summary>Gets the number of recurrent layers.</summary>
    public int Layers { get; init; } = 1;

    /// <summary>Gets the size of a token's vector; not used when the data are vectors.</summary>
    public int Embedding { get; init; } = 64;

    /// <summary>Gets the dropout between layers.</summary>
    public double Dropout { get; init; }

    /// <summary>Gets whether a second set of weights reads the sequence from its end; never for predicting what comes next.</summary>
    public bool Bidirectional { get; init; }

    internal override NetworkSettings Visit(Fields f) => this with
    {
        Hidden = f.Get("hidden", Hidden, Kinds.Integer(1), "Hidden units of a direction."),
        Layers = f.Get("layers", Layers, Kinds.Integer(1), "Number of recurrent layers."),
        Embedding = f.Get("embedding", Embedding, Kinds.Integer(1), "Size of a token's vector."),
        Dropout = f.Get("dropout", Dropout, Kinds.Share, "Dropout between layers."),
        Bidirectional = f.Get("bidirectional", Bidirectional, Kinds.Flag, "Whether a second set of weights reads the sequence from its end."),
    };

    internal override Layer Build(Shape input, int outputCount, RandomSource random)
    {
        bool isTokens = input.Rank == 1;
        if (isTokens && Bidirectional)
        {
            throw new ExperimentException("model.bidirectional", "false, since a network that reads from the end knows what comes next", "true");
        }

        Embedding? embedding = isTokens ? new Embedding(outputCount, Embedding, random) : null;
        int inputs = isTokens ? Embedding : input.Last;
        return new RecurrentNetwork(RecurrentLayerSettings.Make(Network, inputs, Hidden, Layers, bias: true, Dropout, Bidirectional, random), outputCount, random, embedding, everyStep: isTokens);
    }
}
