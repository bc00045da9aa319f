namespace Pondus.Metrics;

/// <summary>What a network's outputs are, so that a metric can make probabilities of them.</summary>
public enum OutputForm
{
    /// <summary>Logits: a softmax makes probabilities of several, the logistic function of one.</summary>
    Logits,

    /// <summary>Logarithms of probabilities.</summary>
    LogProbabilities,

    /// <summary>Probabilities.</summary>
    Probabilities,
}
