using System.Globalization;
using Pondus.Initializers;
using Pondus.Layers;

namespace Pondus.Networks;

/// <summary>A transformer that predicts the next token of a text: GPT-2.</summary>
/// <remarks>
/// <para>Shape: x (batch, tokens), whole numbers in [0, vocabulary), to logits (batch, tokens, vocabulary); logits at a place are for the token behind it.</para>
/// <para>Names and shapes of parameters: those of Hugging Face's GPT2LMHeadModel, so its safetensors load by name and its loader reads Pondus's.</para>
/// <para>Start: normal with deviation 0.02, maps back into the residual stream 0.02 / sqrt(2 layers); biases 0.</para>
/// <para>Source: Radford et al. 2019, "Language models are unsupervised multitask learners"; GELU by its tanh form.</para>
/// </remarks>
public sealed class Gpt : Layer
{
    private const float Deviation = 0.02f;
    private readonly GptBlock[] _blocks;
    private readonly Embedding _tokens;
    private readonly Embedding _positions;
    private readonly LayerNorm _norm;
    private readonly LinearWeights _head;
    private readonly Dropout? _dropout;

    /// <summary>Makes the network.</summary>
    /// <param name="settings">Its sizes.</param>
    /// <param name="random">Source of the starting values.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is outside its range.</exception>
    public Gpt(GptSettings settings, RandomSource random)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(random);
        settings.Check();
        Settings = settings;
        Initializer start = new Normal(0f, Deviation);
        _tokens = AddModule("transformer.wte", new Embedding(settings.Vocabulary, settings.Width, random, weightInitializer: start));
        _positions = AddModule("transformer.wpe", new Embedding(settings.Context, settings.Width, random, weightInitializer: start));
        if (settings.Dropout > 0)
        {
            _dropout = AddModule("transformer.drop", new Dropout(settings.Dropout, random));
        }

        _blocks = new GptBlock[settings.Layers];
        for (int i = 0; i < _blocks.Length; i++)
        {
            _blocks[i] = AddModule("transformer.h." + i.ToString(CultureInfo.InvariantCulture), new GptBlock(settings, random));
        }

        _norm = AddModule("transformer.ln_f", new LayerNorm([settings.Width], settings.Epsilon, useBias: settings.Bias));
        _head = settings.TiedHead
            ? new LinearWeights(_tokens.Weight, null)
            : AddModule("lm_head", new Linear(settings.Width, settings.Vocabulary, random, useBias: false, start)).Weights;
    }

    /// <summary>Gets the sizes.</summary>
    public GptSettings Settings { get; }

    /// <inheritdoc/>
    /// <exception cref="ShapeException">The input is not (batch, tokens), or longer than the context, or a value is no token.</exception>
    public override Tensor Forward(Tensor x) => Forward(x, default);

    /// <summary>Computes the logits of sequences that are padded at their ends.</summary>
    /// <param name="x">The tokens, (batch, tokens).</param>
    /// <param name="lengths">Length of each sequence; empty when none is padded.</param>
    /// <returns>The logits, (batch, tokens, vocabulary); those of padding mean nothing.</returns>
    /// <exception cref="ShapeException">The input is not (batch, tokens), or longer than the context, or a value is no token.</exception>
    public Tensor Forward(Tensor x, ReadOnlyMemory<int> lengths)
    {
        Shape shape = x.Shape;
        CheckTokens(shape, 0);
        return Run(_tokens.Forward(x), lengths, []);
    }

    /// <summary>Computes the logits of tokens behind those that caches hold, and adds the tokens to them; for inference.</summary>
    /// <param name="tokens">The new tokens, one sequence after the other.</param>
    /// <param name="caches">One cache for each block, see <see cref="MakeCaches"/>.</param>
    /// <returns>The logits, (batch, new tokens, vocabulary).</returns>
    /// <exception cref="ShapeException">The sequence becomes longer than the caches or the context, or a value is no token.</exception>
    public Tensor Forward(ReadOnlySpan<int> tokens, IReadOnlyList<KeyValueCache> caches)
    {
        ArgumentNullException.ThrowIfNull(caches);
        if (caches.Count != _blocks.Length || tokens.Length % caches[0].Batch != 0)
        {
            throw new ShapeException($"{this}: expected a cache for each of {_blocks.Length} blocks and equally many tokens for each sequence, got {caches.Count} caches and {tokens.Length} tokens.");
        }

        if (Tape.Current is { Recording: true })
        {
            throw new InvalidOperationException($"{this}: expected an inference scope, since caches are not recorded, got an open step. Use Inference.Run.");
        }

        Shape shape = [caches[0].Batch, tokens.Length / caches[0].Batch];
        CheckTokens(shape, caches[0].Length);
        if (caches[0].Length + shape[1] > caches[0].Capacity)
        {
            throw new ShapeException($"{this}: expected at most {caches[0].Capacity} tokens in a cache, got {caches[0].Length + shape[1]}.");
        }

        return Run(_tokens.Forward(tokens, shape), default, caches);
    }

    /// <summary>Makes empty caches for generating.</summary>
    /// <param name="batch">Number of sequences.</param>
    /// <returns>One cache for each block, of the context's length.</returns>
    public IReadOnlyList<KeyValueCache> MakeCaches(int batch = 1) =>
        [.. _blocks.Select(_ => new KeyValueCache(batch, Settings.Heads, Settings.Context, Settings.Width / Settings.Heads))];

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input) => new([.. input.AsSpan(), Settings.Vocabulary]);

    /// <inheritdoc/>
    public override string ToString() => $"Gpt({Settings.Layers} layers, {Settings.Heads} heads, width {Settings.Width}, context {Settings.Context}, vocabulary {Settings.Vocabulary})";

    private Tensor Run(Tensor x, ReadOnlyMemory<int> lengths, IReadOnlyList<KeyValueCache> caches)
    {
        int past = caches.Count > 0 ? caches[0].Length : 0;
        x += _positions.Weight.ToTensor().Slice(0, past, x.Shape[1]);
        x = _dropout?.Forward(x) ?? x;
        for (int i = 0; i < _blocks.Length; i++)
        {
            x = _blocks[i].Forward(x, lengths, caches.Count > 0 ? caches[i] : null);
        }

        return _head.Apply(_norm.Forward(x));
    }

    private void CheckTokens(in Shape shape, int past)
    {
        if (shape.Rank != 2 || shape[1] + past > Settings.Context)
        {
            throw new ShapeException($"{this}: expected tokens of shape (batch, at most {Settings.Context}), got {shape}{(past > 0 ? $" behind {past} others" : string.Empty)}.");
        }
    }
}
