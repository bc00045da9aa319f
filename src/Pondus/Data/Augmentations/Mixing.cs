namespace Pondus.Data.Augmentations;

/// <summary>Blends a sample with another one of the training samples, and their targets by the same shares.</summary>
/// <remarks>
/// <para>Classes become probabilities: the loss is given a row of them for each sample, and the metrics the class with the larger share.</para>
/// <para>Differs: the partner is drawn from all samples, and each sample draws a share of its own; the papers pair the samples of a batch by one share. So a sample's bits do not depend on its batch.</para>
/// </remarks>
public abstract class Mixing
{
    /// <summary>Makes the base.</summary>
    /// <param name="alpha">Parameter of the beta distribution that the share is drawn from, above 0.</param>
    /// <param name="probability">Part of the samples that are mixed, in [0, 1].</param>
    private protected Mixing(float alpha, float probability)
    {
        Limits.Check(GetType().Name, nameof(alpha), alpha, float.Epsilon, float.MaxValue);
        Limits.Check(GetType().Name, nameof(probability), probability, 0f, 1f);
        Alpha = alpha;
        Probability = probability;
    }

    /// <summary>Gets the parameter of the beta distribution that the share is drawn from.</summary>
    public float Alpha { get; }

    /// <summary>Gets the part of the samples that are mixed.</summary>
    public float Probability { get; }

    /// <summary>Gets a value indicating whether samples must be pictures.</summary>
    public virtual bool NeedsPictures => true;

    /// <summary>Blends.</summary>
    /// <param name="values">The sample; receives the blend.</param>
    /// <param name="partner">The other sample.</param>
    /// <param name="format">Sizes and units.</param>
    /// <param name="random">Source of random numbers, of this sample in this epoch.</param>
    /// <returns>The share of the sample that is left, in [0, 1].</returns>
    public abstract float Mix(Span<float> values, ReadOnlySpan<float> partner, in PictureFormat format, ref SampleRandom random);
}
