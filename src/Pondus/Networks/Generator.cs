namespace Pondus.Networks;

/// <summary>Continues a sequence of tokens with a <see cref="Gpt"/>, one token after the other.</summary>
/// <remarks>
/// <para>Each token costs one pass for that token alone: keys and values of those before it are kept. A token allocates nothing.</para>
/// <para>When the context is full, the later half of it is read again and the rest forgotten.</para>
/// <para>A generator is not safe for several threads; several generators may share a network.</para>
/// </remarks>
public sealed class Generator
{
    private readonly Gpt _network;
    private readonly IReadOnlyList<KeyValueCache> _caches;
    private readonly TokenSampler _sampler;
    private readonly int[] _context;
    private int _length;
    private int _chosen;

    /// <summary>Makes a generator without any text.</summary>
    /// <param name="network">The network.</param>
    /// <param name="settings">How tokens are chosen.</param>
    /// <exception cref="ArgumentOutOfRangeException">A setting is outside its range.</exception>
    public Generator(Gpt network, GenerationSettings? settings = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        _network = network;
        Settings = (settings ?? new GenerationSettings()).Checked();
        _caches = network.MakeCaches();
        _sampler = new TokenSampler(network.Settings.Vocabulary, Settings);
        _context = new int[network.Settings.Context];
    }

    /// <summary>Gets how tokens are chosen.</summary>
    public GenerationSettings Settings { get; }

    /// <summary>Appends tokens to the text; of more than the context holds, the last count.</summary>
    /// <param name="tokens">The tokens.</param>
    /// <exception cref="ShapeException">A token is outside the vocabulary; when the next one is asked for.</exception>
    public void Append(params ReadOnlySpan<int> tokens)
    {
        foreach (int token in tokens)
        {
            MakeRoom();
            _context[_length++] = token;
        }
    }

    /// <summary>Forgets the text.</summary>
    public void Clear()
    {
        _length = 0;
        Forget();
    }

    /// <summary>Chooses the next token and appends it to the text.</summary>
    /// <returns>The token.</returns>
    /// <exception cref="InvalidOperationException">There is no text to continue.</exception>
    public int Next()
    {
        if (_length == 0)
        {
            throw new InvalidOperationException("Generator: expected a text to continue, got none. Append at least one token.");
        }

        Inference.Run(this, static self => self.Choose());
        MakeRoom();
        _context[_length++] = _chosen;
        return _chosen;
    }

    /// <summary>Continues a prompt.</summary>
    /// <param name="prompt">Tokens that are appended first, at least one if there is no text yet.</param>
    /// <param name="count">Most tokens to choose; the stop token ends them earlier and is not among them.</param>
    /// <returns>The new tokens.</returns>
    public int[] Generate(ReadOnlySpan<int> prompt, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        Append(prompt);
        List<int> tokens = new(count);
        while (tokens.Count < count)
        {
            int token = Next();
            if (token == Settings.StopToken)
            {
                break;
            }

            tokens.Add(token);
        }

        return [.. tokens];
    }

    private void Choose()
    {
        int read = _caches[0].Length;
        ReadOnlySpan<float> logits = _network.Forward(_context.AsSpan(read, _length - read), _caches).Values;
        _chosen = _sampler.Choose(logits[^_network.Settings.Vocabulary..]);
    }

    private void MakeRoom()
    {
        if (_length < _context.Length)
        {
            return;
        }

        int kept = _context.Length / 2;
        _context.AsSpan(_length - kept).CopyTo(_context);
        _length = kept;
        Forget();
    }

    private void Forget()
    {
        for (int i = 0; i < _caches.Count; i++)
        {
            _caches[i].Truncate();
        }
    }
}
