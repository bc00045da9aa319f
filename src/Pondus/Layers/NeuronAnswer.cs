namespace Pondus.Layers;

/// <summary>What a <see cref="Neuron"/> answers.</summary>
/// <param name="Output">The activation of <paramref name="Sum"/>.</param>
/// <param name="Sum">The weighted sum of the inputs, bias included.</param>
/// <param name="Contributions">What each input adds to the sum: input times weight.</param>
public sealed record NeuronAnswer(double Output, double Sum, IReadOnlyList<double> Contributions)
{
    /// <summary>Gets whether the neuron fires: the sum is above 0, so the inputs outweigh the negative of the bias.</summary>
    public bool Fires => Sum > 0;
}
