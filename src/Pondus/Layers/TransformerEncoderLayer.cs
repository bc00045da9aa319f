namespace Pondus.Layers;

/// <summary>One block of a transformer: self-attention, then two linear maps with an activation between them, each added to what came in.</summary>
/// <remarks>
/// <para>Formula, norms first: x + a(n₁(x)), then x + f(n₂(x)); norms last: n₁(x + a(x)), then n₂(x + f(x)).</para>
/// <para>Shape: (batch, tokens, width), unchanged. Parameters as PyTorch's: <c>self_attn.*</c>, <c>linear1.*</c>, <c>linear2.*</c>, <c>norm1.*</c>, <c>norm2.*</c>.</para>
/// <para>Source: Vaswani et al. 2017, arXiv:1706.03762; norms first after Xiong et al. 2020, arXiv:2002.04745.</para>
/// </remarks>
public sealed class TransformerEncoderLayer : Layer
{
    private readonly LinearWeights _inner;
    private readonly LinearWeights _innerOut;
    private readonly Dropout? _innerDropout;
    private readonly Dropout? _attentionDropout;
    private readonly Dropout? _outputDropout;

    /// <summary>Makes the layer.</summary>
    /// <param name="width">Size of a token's vector.</param>
    /// <param name="heads">Number of heads, which divides the width.</param>
    /// <param name="random">Source of the starting values.</param>
    /// <param name="settings">The other settings.</param>
    /// <exception cref="ArgumentOutOfRangeException">A setting is outside its range.</exception>
    public TransformerEncoderLayer(int width, int heads, RandomSource random, TransformerSettings? settings = null)
    {
        ArgumentNullException.ThrowIfNull(random);
        Settings = settings ?? new TransformerSettings();
        ArgumentOutOfRangeException.ThrowIfLessThan(Settings.Inner ?? 1, 1, nameof(settings));
        int inner = Settings.Inner ?? (4 * width);
        Attention = AddModule("self_attn", new MultiheadAttention(width, heads, random, new AttentionSettings { Bias = Settings.Bias, Dropout = Settings.Dropout, Causal = Settings.Causal }));
        Linear first = AddModule("linear1", new Linear(width, inner, random, Settings.Bias)), second = AddModule("linear2", new Linear(inner, width, random, Settings.Bias));
        _inner = first.Weights;
        _innerOut = second.Weights;
        FirstNorm = AddModule("norm1", new LayerNorm([width], Settings.Epsilon, useBias: Settings.Bias));
        SecondNorm = AddModule("norm2", new LayerNorm([width], Settings.Epsilon, useBias: Settings.Bias));
        if (Settings.Dropout > 0)
        {
            _innerDropout = AddModule("dropout", new Dropout(Settings.Dropout, random));
            _attentionDropout = AddModule("dropout1", new Dropout(Settings.Dropout, random));
            _outputDropout = AddModule("dropout2", new Dropout(Settings.Dropout, random));
        }
    }

    /// <summary>Gets the attention.</summary>
    public MultiheadAttention Attention { get; }

    /// <summary>Gets the norm of the attention.</summary>
    public LayerNorm FirstNorm { get; }

    /// <summary>Gets the norm of the linear maps.</summary>
    public LayerNorm SecondNorm { get; }

    /// <summary>Gets the other settings.</summary>
    public TransformerSettings Settings { get; }

    /// <inheritdoc/>
    /// <exception cref="ShapeException">The input is not (batch, tokens, width).</exception>
    public override Tensor Forward(Tensor x) => Forward(x, Attention.Usual());

    /// <summary>Computes the block with a choice of what may be seen.</summary>
    /// <param name="x">The tokens, (batch, tokens, width).</param>
    /// <param name="options">What may be seen.</param>
    /// <returns>The output, (batch, tokens, width).</returns>
    /// <exception cref="ShapeException">The input is not (batch, tokens, width).</exception>
    public Tensor Forward(Tensor x, AttentionOptions options)
    {
        if (Settings.NormFirst)
        {
            x = Attend(FirstNorm.Forward(x), x, options);
            return Transform(SecondNorm.Forward(x), x);
        }

        x = FirstNorm.Forward(Attend(x, x, options));
        return SecondNorm.Forward(Transform(x, x));
    }

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input) => Attention.OutputShape(input);

    /// <inheritdoc/>
    public override string ToString() => $"TransformerEncoderLayer({Attention.Width}, {Attention.Heads} heads, {Settings.Activation}, norm {(Settings.NormFirst ? "first" : "last")}{(Settings.Causal ? ", causal" : string.Empty)})";

    private Tensor Attend(Tensor x, Tensor addend, AttentionOptions options) => _attentionDropout is { } dropout && PassContext.Current.IsTraining
        ? addend + dropout.Forward(Attention.Forward(x, options))
        : Attention.ForwardOnto(x, addend, options);

    private Tensor Transform(Tensor x, Tensor addend)
    {
        Tensor inner = Settings.Activation == TransformerActivation.Relu ? _inner.ApplyRelu(x) : _inner.ApplyGelu(x, Settings.Activation == TransformerActivation.GeluTanh);
        return Dropout.ApplyOnto(_innerOut, _innerDropout?.Forward(inner) ?? inner, addend, _outputDropout);
    }
}
