namespace Pondus.Networks;

/// <summary>Draws tokens from logits; allocates nothing once made.</summary>
internal sealed class TokenSampler(int vocabulary, GenerationSettings settings)
{
    private readonly RandomSource _random = new RandomSource(settings.Seed).Stream("generation");
    private readonly double[] _weights = new double[vocabulary];
    private readonly float[] _sorted = new float[vocabulary];
    private readonly int[] _order = new int[vocabulary];

    /// <summary>Chooses a token.</summary>
    public int Choose(ReadOnlySpan<float> logits)
    {
        int best = Largest(logits);
        if (settings.Temperature == 0f)
        {
            return best;
        }

        double scale = 1.0 / settings.Temperature, total = 0;
        int count = logits.Length;
        for (int i = 0; i < count; i++)
        {
            _order[i] = i;
            _weights[i] = Math.Exp((logits[i] - logits[best]) * scale);
            total += _weights[i];
        }

        if (settings.TopK < count || settings.TopP < 1f)
        {
            count = Keep(logits, ref total);
        }

        double left = _random.NextSingle() * total;
        for (int i = 0; i < count - 1; i++)
        {
            left -= _weights[_order[i]];
            if (left < 0)
            {
                return _order[i];
            }
        }

        return _order[count - 1];
    }

    // The likeliest first; as many as both settings leave, and at least one.
    private int Keep(ReadOnlySpan<float> logits, ref double total)
    {
        for (int i = 0; i < logits.Length; i++)
        {
            _sorted[i] = -logits[i];
        }

        Array.Sort(_sorted, _order);
        double all = 0, sum = 0;
        int most = Math.Min(settings.TopK ?? logits.Length, logits.Length), count = 0;
        for (int i = 0; i < most; i++)
        {
            all += _weights[_order[i]];
        }

        while (count < most && (count == 0 || sum < settings.TopP * all))
        {
            sum += _weights[_order[count++]];
        }

        total = sum;
        return count;
    }

    private static int Largest(ReadOnlySpan<float> logits)
    {
        int best = 0;
        for (int i = 1; i < logits.Length; i++)
        {
            best = logits[i] > logits[best] ? i : best;
        }

        return best;
    }
}
