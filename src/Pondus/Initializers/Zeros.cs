namespace Pondus.Initializers;

/// <summary>All zeros. For biases; a weight that starts so never breaks the symmetry between units.</summary>
public sealed class Zeros : Initializer
{
    /// <inheritdoc/>
    public override void Fill(Span<float> values, Shape shape, RandomSource random)
    {
        values.Clear();
    }

    /// <inheritdoc/>
    public override string ToString() => "Zeros";
}
