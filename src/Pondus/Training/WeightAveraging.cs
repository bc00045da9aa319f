namespace Pondus.Training;

/// <summary>How a mean of the weights is kept beside them: it is what is evaluated and kept, while training goes on from the weights themselves.</summary>
/// <remarks>Memory: one float a weight. See <see cref="ExponentialAveraging"/> and <see cref="StochasticAveraging"/>.</remarks>
public abstract record WeightAveraging
{
    private protected WeightAveraging()
    {
    }
}
