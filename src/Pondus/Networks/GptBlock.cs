using Pondus.Layers;

namespace Pondus.Networks;

/// <summary>One block of a <see cref="Gpt"/>: attention, then two linear maps with a GELU between them, each on a norm and added to what came in.</summary>
internal sealed class GptBlock : Module
{
    private readonly GptSettings _settings;
    private readonly LayerNorm _firstNorm;
    private readonly LayerNorm _secondNorm;
    private readonly LinearWeights _attention;
    private readonly LinearWeights _attentionOut;
    private readonly FeedForwardWeights _inner;
    private readonly Dropout? _dropout;
    private readonly Dropout? _innerDropout;
    private readonly ulong _dropoutKey;

    public GptBlock(GptSettings settings, RandomSource random)
    {
        _settings = settings;
        int width = settings.Width, inner = settings.Inner ?? (4 * width);
        float deviation = 0.02f, residual = 0.02f / MathF.Sqrt(2 * settings.Layers);
        _firstNorm = AddModule("ln_1", new LayerNorm([width], settings.Epsilon, useBias: settings.Bias));
        _attention = AddModule("attn.c_attn", new GptProjection(width, 3 * width, deviation, settings.Bias, random)).Weights;
        _attentionOut = AddModule("attn.c_proj", new GptProjection(width, width, residual, settings.Bias, random)).Weights;
        _secondNorm = AddModule("ln_2", new LayerNorm([width], settings.Epsilon, useBias: settings.Bias));
        GptProjection first = AddModule("mlp.c_fc", new GptProjection(width, inner, deviation, settings.Bias, random));
        GptProjection second = AddModule("mlp.c_proj", new GptProjection(inner, width, residual, settings.Bias, random));
        _inner = FeedForwardWeights.Gelu(first.Weights, second.Weights, tanh: true);
        if (settings.Dropout > 0)
        {
            _dropout = AddModule("attn.resid_dropout", new Dropout(settings.Dropout, random));
            _innerDropout = AddModule("mlp.dropout", new Dropout(settings.Dropout, random));
            _dropoutKey = ((ulong)random.NextUInt32() << 32) | random.NextUInt32();
        }
    }

    /// <summary>Computes the block for (batch, tokens, width); with a cache, for the tokens behind those that it holds.</summary>
    public Tensor Forward(Tensor x, ReadOnlyMemory<int> lengths, KeyValueCache? cache)
    {
        PassContext pass = PassContext.Current;
        AttentionOptions options = new() { Causal = true, KeyLengths = lengths, DropoutRate = pass.IsTraining ? _settings.Dropout : 0f };
        Tensor packed = _attention.Apply(_firstNorm.Forward(x));
        Tensor seen = cache is null
            ? AttentionOperation.ApplyPacked(packed, _settings.Heads, _settings.Heads, options, _dropoutKey ^ (pass.Random?.Key ?? 0), (ulong)pass.StepNumber << 32)
            : AttentionOperation.ApplyCached(packed, _settings.Heads, _settings.Heads, cache, options);
        x = Dropout.ApplyOnto(_attentionOut, seen, x, _dropout);
        Tensor inner = _secondNorm.Forward(x);
        return _innerDropout is not null && pass.IsTraining ? x + _innerDropout.Forward(_inner.Apply(inner)) : _inner.Apply(inner, x);
    }
}
