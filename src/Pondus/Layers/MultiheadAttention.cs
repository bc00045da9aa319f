using Pondus.Initializers;

namespace Pondus.Layers;

/// <summary>Attention with several heads: each token's vector becomes a mean of others', weighted by how well they fit.</summary>
/// <remarks>
/// <para>Formula: y = concat(softmax(qₕ kₕᵀ / √size) vₕ) Woᵀ + bo, with q, k, v linear maps of the inputs; a query that sees no key has a mean of 0.</para>
/// <para>Shape: x (batch, tokens, width), unchanged. Parameters as PyTorch's: <c>in_proj_weight</c> ((heads + 2 key heads) size, width), queries first, <c>in_proj_bias</c>,
/// <c>out_proj.weight</c>, <c>out_proj.bias</c>; with other widths of keys or values <c>q_proj_weight</c>, <c>k_proj_weight</c>, <c>v_proj_weight</c>.</para>
/// <para>Differs: the batch comes first, keys are padded by lengths or a mask, and the weights themselves are not given back.</para>
/// <para>Start: Xavier-uniform maps, biases 0; the output's map as a <see cref="Linear"/>. Source: Vaswani et al. 2017, arXiv:1706.03762.</para>
/// </remarks>
public sealed class MultiheadAttention : Layer
{
    private readonly LinearWeights? _packed;
    private readonly LinearWeights? _query;
    private readonly LinearWeights? _key;
    private readonly LinearWeights? _value;
    private readonly LinearWeights _output;
    private readonly Parameter? _bias;
    private readonly ulong _dropoutKey;

    /// <summary>Makes the layer.</summary>
    /// <param name="width">Size of a token's vector, a multiple of <paramref name="heads"/>.</param>
    /// <param name="heads">Number of heads, at least 1.</param>
    /// <param name="random">Source of the starting values.</param>
    /// <param name="settings">The other settings.</param>
    /// <exception cref="ArgumentOutOfRangeException">A setting is outside its range.</exception>
    public MultiheadAttention(int width, int heads, RandomSource random, AttentionSettings? settings = null)
    {
        ArgumentNullException.ThrowIfNull(random);
        Settings = settings ?? new AttentionSettings();
        Width = width;
        Heads = heads;
        KeyHeads = Settings.KeyHeads ?? heads;
        Check();
        int keyWidth = Settings.KeyWidth ?? width, valueWidth = Settings.ValueWidth ?? width, keySize = KeyHeads * HeadSize, all = width + (2 * keySize);
        Initializer start = new XavierUniform();
        if (keyWidth == width && valueWidth == width)
        {
            Parameter weight = AddParameter("in_proj_weight", [all, width], start, random);
            _bias = Settings.Bias ? AddParameter("in_proj_bias", [all], 0f) : null;
            _packed = new LinearWeights(weight, _bias);
        }
        else
        {
            _query = new LinearWeights(AddParameter("q_proj_weight", [width, width], start, random), null);
            _key = new LinearWeights(AddParameter("k_proj_weight", [keySize, keyWidth], start, random), null);
            _value = new LinearWeights(AddParameter("v_proj_weight", [keySize, valueWidth], start, random), null);
            _bias = Settings.Bias ? AddParameter("in_proj_bias", [all], 0f) : null;
        }

        Linear output = AddModule("out_proj", new Linear(width, width, random, Settings.Bias, biasInitializer: new Zeros()));
        _output = output.Weights;
        _dropoutKey = Settings.Dropout > 0 ? ((ulong)random.NextUInt32() << 32) | random.NextUInt32() : 0;
    }

    /// <summary>Gets the size of a token's vector.</summary>
    public int Width { get; }

    /// <summary>Gets the number of heads.</summary>
    public int Heads { get; }

    /// <summary>Gets the number of heads of keys and values.</summary>
    public int KeyHeads { get; }

    /// <summary>Gets the size of a head.</summary>
    public int HeadSize => Width / Heads;

    /// <summary>Gets the other settings.</summary>
    public AttentionSettings Settings { get; }

    /// <inheritdoc/>
    /// <exception cref="ShapeException">The input is not (batch, tokens, width).</exception>
    public override Tensor Forward(Tensor x) => Forward(x, Usual());

    /// <summary>Computes self-attention.</summary>
    /// <param name="x">The tokens, (batch, tokens, width).</param>
    /// <param name="options">What may be seen; the layer's dropout is used, and its causality where options ask for none.</param>
    /// <returns>The output, (batch, tokens, width).</returns>
    /// <exception cref="ShapeException">The input is not (batch, tokens, width).</exception>
    public Tensor Forward(Tensor x, AttentionOptions options) => _output.Apply(SelfAttention(x, options, null));

    /// <summary>Computes attention of some tokens to others.</summary>
    /// <param name="query">What looks, (batch, queries, width).</param>
    /// <param name="key">What is looked for, (batch, keys, key width).</param>
    /// <param name="value">What is found, (batch, keys, value width).</param>
    /// <param name="options">What may be seen.</param>
    /// <returns>The output, (batch, queries, width).</returns>
    /// <exception cref="ShapeException">Sizes do not fit.</exception>
    public Tensor Forward(Tensor query, Tensor key, Tensor value, AttentionOptions options = default)
    {
        CheckInput(query.Shape, Width);
        CheckInput(key.Shape, Settings.KeyWidth ?? Width);
        CheckInput(value.Shape, Settings.ValueWidth ?? Width);
        if (key.Shape[0] != query.Shape[0] || value.Shape[0] != query.Shape[0] || key.Shape[1] != value.Shape[1])
        {
            throw new ShapeException($"{this}: expected queries, keys and values of one batch, and a value for each key, got {query.Shape}, {key.Shape} and {value.Shape}.");
        }

        int keySize = KeyHeads * HeadSize;
        Tensor q = Turned(Project(query, _query, 0, Width), Heads, 0), k = Turned(Project(key, _key, Width, keySize), KeyHeads, 0), v = Project(value, _value, Width + keySize, keySize);
        return _output.Apply(AttentionOperation.ApplyTokensFirst(q, k, v, Heads, KeyHeads, WithDropout(options, out ulong dropoutKey, out ulong counter), dropoutKey, counter));
    }

    /// <summary>Computes causal self-attention of new tokens to those in a cache and to themselves, and adds them to it; for inference.</summary>
    /// <param name="x">The new tokens, (batch, tokens, width).</param>
    /// <param name="cache">The tokens before.</param>
    /// <returns>The output, (batch, tokens, width).</returns>
    /// <exception cref="ShapeException">Sizes do not fit, or the cache is full.</exception>
    /// <exception cref="InvalidOperationException">A step is open, or keys are not made of the same vectors as queries.</exception>
    public Tensor Forward(Tensor x, KeyValueCache cache)
    {
        ArgumentNullException.ThrowIfNull(cache);
        if (Tape.Current is { Recording: true } || _packed is null)
        {
            throw new InvalidOperationException($"{this}: expected an inference scope and one width for queries, keys and values, got a step or other widths. Use Inference.Run.");
        }

        CheckInput(x.Shape, Width);
        if (cache.Batch != x.Shape[0] || cache.Heads != KeyHeads || cache.Size != HeadSize || cache.Length + x.Shape[1] > cache.Capacity)
        {
            throw new ShapeException($"{this}: expected a cache of {x.Shape[0]} samples, {KeyHeads} heads and size {HeadSize} with room for {x.Shape[1]} tokens, got {cache.Batch}, {cache.Heads}, {cache.Size} and room for {cache.Capacity - cache.Length}.");
        }

        return _output.Apply(SelfAttention(x, new AttentionOptions { Causal = true }, cache));
    }

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input)
    {
        if (input.Rank != 2 || input.Last != Width)
        {
            throw new ShapeException($"{this}: expected samples of shape (tokens, {Width}), got {input}.");
        }

        return input;
    }

    /// <inheritdoc/>
    public override string ToString() => $"MultiheadAttention({Width}, {Heads} heads{(KeyHeads == Heads ? string.Empty : $", {KeyHeads} of keys")}{(Settings.Causal ? ", causal" : string.Empty)})";

    /// <summary>Self-attention and its output map, onto what came in.</summary>
    internal Tensor ForwardOnto(Tensor x, Tensor addend, AttentionOptions options) => _output.Apply(SelfAttention(x, options, null), addend);

    internal AttentionOptions Usual() => new() { Causal = Settings.Causal };

    private Tensor SelfAttention(Tensor x, AttentionOptions options, KeyValueCache? cache)
    {
        CheckInput(x.Shape, Width);
        options = options with { Causal = options.Causal || Settings.Causal };
        if (_packed is null)
        {
            int keySize = KeyHeads * HeadSize;
            Tensor q = Turned(Project(x, _query, 0, Width), Heads, 0), k = Turned(Project(x, _key, Width, keySize), KeyHeads, 0), v = Project(x, _value, Width + keySize, keySize);
            return AttentionOperation.ApplyTokensFirst(q, k, v, Heads, KeyHeads, WithDropout(options, out ulong key, out ulong place), key, place);
        }

        Tensor packed = Turned(_packed.Apply(x), Heads + KeyHeads, cache?.Length ?? 0);
        return cache is not null
            ? AttentionOperation.ApplyCached(packed, Heads, KeyHeads, cache, options)
            : AttentionOperation.ApplyPacked(packed, Heads, KeyHeads, WithDropout(options, out ulong dropoutKey, out ulong counter), dropoutKey, counter);
    }

    private Tensor Turned(Tensor x, int heads, int first) => Settings.Rotary == RotaryPositions.None
        ? x
        : RotaryOperation.Apply(x, heads, HeadSize, first, Settings.RotaryBase, Settings.Rotary == RotaryPositions.Halves);

    // One of the three maps alone: rows of the packed weight, or a weight of its own.
    private Tensor Project(Tensor x, LinearWeights? own, int first, int count)
    {
        Tensor y = own is not null ? own.Apply(x) : x.MatMul(_packed!.Weight.ToTensor().Slice(0, first, count), transposeRight: true);
        return _bias is null ? y : y + _bias.ToTensor().Slice(0, first, count);
    }

    private AttentionOptions WithDropout(AttentionOptions options, out ulong key, out ulong counter)
    {
        PassContext pass = PassContext.Current;
        key = _dropoutKey ^ (pass.Random?.Key ?? 0);

        // The step's number takes the upper half of the counter: masks of different steps never overlap.
        counter = (ulong)pass.StepNumber << 32;
        return options with { DropoutRate = pass.IsTraining ? Settings.Dropout : 0f };
    }

    private void CheckInput(in Shape shape, int width)
    {
        if (shape.Rank != 3 || shape.Last != width)
        {
            throw new ShapeException($"{this}: expected input of shape (batch, tokens, {width}), got {shape}.");
        }
    }

    private void Check()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Width, 1, "width");
        ArgumentOutOfRangeException.ThrowIfLessThan(Heads, 1, "heads");
        ArgumentOutOfRangeException.ThrowIfLessThan(KeyHeads, 1, "settings");
        bool even = Settings.Rotary == RotaryPositions.None || Width / Heads % 2 == 0;
        if (Width % Heads != 0 || Heads % KeyHeads != 0 || !even)
        {
            throw new ArgumentOutOfRangeException("heads", Heads, $"MultiheadAttention: expected heads that divide the width {Width}, key heads that divide the heads, and an even size for rotary positions, got {Heads} heads and {KeyHeads} of keys.");
        }

        if (Settings.Dropout is not (>= 0f and < 1f) || !(Settings.RotaryBase > 0f) || Settings.KeyWidth < 1 || Settings.ValueWidth < 1)
        {
            throw new ArgumentOutOfRangeException("settings", Settings, $"MultiheadAttention: expected dropout in [0, 1), a rotary base above 0 and widths of at least 1, got {Settings}.");
        }
    }
}
