using Pondus.Experiments.Settings;
using Pondus.Layers;

namespace Pondus.Experiments;

/// <summary>A recurrent layer over (time, features).</summary>
public sealed record RecurrentLayerSettings : LayerSettings
{
    /// <summary>Makes the settings of a recurrent layer.</summary>
    /// <param name="type"><c>Rnn</c>, <c>Lstm</c> or <c>Gru</c>.</param>
    public RecurrentLayerSettings(string type)
    {
        Type = type;
    }

    /// <inheritdoc/>
    public override string Type { get; }

    /// <summary>Gets the number of hidden units of a direction.</summary>
    public int Hidden { get; init; }

    /// <summary>Gets the number of layers.</summary>
    public int Layers { get; init; } = 1;

    /// <summary>Gets whether biases are added.</summary>
    public bool Bias { get; init; } = true;

    /// <summary>Gets the dropout between layers.</summary>
    public double Dropout { get; init; }

    /// <summary>Gets whether a second set of weights reads the sequence from its end.</summary>
    public bool Bidirectional { get; init; }

    internal static string[] Names { get; } = ["Rnn", "Lstm", "Gru"];

    internal static Recurrent Make(string name, int inputs, int hidden, int layers, bool bias, double dropout, bool bidirectional, RandomSource random) => name.ToUpperInvariant() switch
    {
        "LSTM" => new Lstm(inputs, hidden, random, layers, bias, dropout: (float)dropout, bidirectional: bidirectional),
        "GRU" => new Gru(inputs, hidden, random, layers, bias, dropout: (float)dropout, bidirectional: bidirectional),
        _ => new Rnn(inputs, hidden, random, layers, bias, dropout: (float)dropout, bidirectional: bidirectional),
    };

    internal override LayerSettings Visit(Fields f) => this with
    {
        Hidden = f.Get("hidden", Hidden, Kinds.Integer(1), "Hidden units of a direction."),
        Layers = f.Get("layers", Layers, Kinds.Integer(1), "Number of layers."),
        Bias = f.Get("bias", Bias, Kinds.Flag, "Whether biases are added."),
        Dropout = f.Get("dropout", Dropout, Kinds.Share, "Dropout between layers."),
        Bidirectional = f.Get("bidirectional", Bidirectional, Kinds.Flag, "Whether a second set of weights reads the sequence from its end."),
    };
}
