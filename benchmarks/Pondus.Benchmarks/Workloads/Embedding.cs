namespace Pondus.Benchmarks.Workloads;

internal sealed class Embedding : Layer
{
    private readonly Parameter _weight;
    private int[] _tokens = [];

    public Embedding(int count, int width, RandomSource random) => _weight = AddParameter("weight", [count, width], new Initializers.Normal(0f, 1f), random);

    public override Tensor Forward(Tensor x)
    {
        if (_tokens.Length != x.Count)
        {
            _tokens = new int[x.Count];
        }

        ReadOnlySpan<float> v = x.Values;
        for (int i = 0; i < v.Length; i++)
        {
            _tokens[i] = (int)v[i];
        }

        return ((Tensor)_weight).SelectRows(_tokens).Reshape([x.Shape[0], x.Shape[1], _weight.Shape[1]]);
    }
}
