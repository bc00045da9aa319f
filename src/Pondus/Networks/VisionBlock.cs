using Pondus.Layers;

namespace Pondus.Networks;

/// <summary>One block of a <see cref="VisionTransformer"/>: attention, then two linear maps with a GELU between them, each on a norm and added to what came in.</summary>
internal sealed class VisionBlock : Module
{
    private readonly VisionTransformerSettings _settings;
    private readonly LayerNorm _firstNorm;
    private readonly LayerNorm _secondNorm;
    private readonly LinearWeights _query;
    private readonly LinearWeights _key;
    private readonly LinearWeights _value;
    private readonly LinearWeights _attentionOut;
    private readonly FeedForwardWeights _inner;
    private readonly Dropout? _dropout;
    private readonly Dropout? _innerDropout;
    private readonly ulong _dropoutKey;

    public VisionBlock(VisionTransformerSettings settings, RandomSource random, Initializer start)
    {
        _settings = settings;
        int width = settings.Width, inner = settings.Inner ?? (4 * width);
        _query = Map("attention.attention.query", width, width);
        _key = Map("attention.attention.key", width, width);
        _value = Map("attention.attention.value", width, width);
        _attentionOut = Map("attention.output.dense", width, width);
        _inner = FeedForwardWeights.Gelu(Map("intermediate.dense", width, inner), Map("output.dense", inner, width), tanh: false);
        _firstNorm = AddModule("layernorm_before", new LayerNorm([width], settings.Epsilon));
        _secondNorm = AddModule("layernorm_after", new LayerNorm([width], settings.Epsilon));
        if (settings.Dropout > 0)
        {
            _dropout = AddModule("attention.output.dropout", new Dropout(settings.Dropout, random));
            _innerDropout = AddModule("output.dropout", new Dropout(settings.Dropout, random));
            _dropoutKey = ((ulong)random.NextUInt32() << 32) | random.NextUInt32();
        }

        LinearWeights Map(string name, int inputs, int outputs) =>
            AddModule(name, new Linear(inputs, outputs, random, weightInitializer: start, biasInitializer: new Initializers.Zeros())).Weights;
    }

    /// <summary>Computes the block for (batch, tokens, width).</summary>
    public Tensor Forward(Tensor x)
    {
        PassContext pass = PassContext.Current;
        AttentionOptions options = new() { DropoutRate = pass.IsTraining ? _settings.Dropout : 0f };
        Tensor normal = _firstNorm.Forward(x);
        Tensor seen = AttentionOperation.ApplyTokensFirst(
            _query.Apply(normal), _key.Apply(normal), _value.Apply(normal), _settings.Heads, _settings.Heads, options, _dropoutKey ^ (pass.Random?.Key ?? 0), (ulong)pass.StepNumber << 32);
        x = Dropout.ApplyOnto(_attentionOut, seen, x, _dropout);
        Tensor inner = _secondNorm.Forward(x);
        return _innerDropout is not null && pass.IsTraining ? x + _innerDropout.Forward(_inner.Apply(inner)) : _inner.Apply(inner, x);
    }
}
