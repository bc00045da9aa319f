namespace Pondus.Tests.Initializers;

/// <summary>Given values.</summary>
internal sealed class Start(float[] given) : Initializer
{
    public override void Fill(Span<float> values, Shape shape, RandomSource random) => given.CopyTo(values);
}
