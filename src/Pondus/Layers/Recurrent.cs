using System.Globalization;

namespace Pondus.Layers;

/// <summary>What <see cref="Rnn"/>, <see cref="Lstm"/> and <see cref="Gru"/> have in common: layers over a sequence, in one direction or both.</summary>
public abstract class Recurrent : Layer
{
    private readonly RecurrentWeights[][] _layers;
    private readonly ulong _dropoutKey;

    private protected Recurrent(string who, int gateCount, Func<Parameter, Parameter, Parameter?, Parameter?, RecurrentWeights> weights, int inFeatures, int hiddenSize, RandomSource random, int layers, bool useBias, bool batchFirst, float dropout, bool bidirectional)
    {
        ArgumentNullException.ThrowIfNull(random);
        ArgumentOutOfRangeException.ThrowIfLessThan(inFeatures, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(hiddenSize, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(layers, 1);
        if (dropout is not (>= 0f and < 1f))
        {
            throw new ArgumentOutOfRangeException(nameof(dropout), dropout, $"{who}: expected dropout in [0, 1), got {dropout}.");
        }

        InFeatures = inFeatures;
        HiddenSize = hiddenSize;
        LayerCount = layers;
        BatchFirst = batchFirst;
        Dropout = dropout;
        IsBidirectional = bidirectional;
        Initializer usual = new UniformFanIn(hiddenSize);
        _layers = new RecurrentWeights[layers][];
        for (int layer = 0; layer < layers; layer++)
        {
            _layers[layer] = new RecurrentWeights[DirectionCount];
            int inputs = layer == 0 ? inFeatures : DirectionCount * hiddenSize;
            for (int d = 0; d < DirectionCount; d++)
            {
                string suffix = string.Create(CultureInfo.InvariantCulture, $"l{layer}{(d == 0 ? string.Empty : "_reverse")}");
                int gates = gateCount * hiddenSize;
                Parameter ofInput = AddParameter($"weight_ih_{suffix}", [gates, inputs], usual, random), ofHidden = AddParameter($"weight_hh_{suffix}", [gates, hiddenSize], usual, random);
                Parameter? inputBias = useBias ? AddParameter($"bias_ih_{suffix}", [gates], usual, random) : null;
                Parameter? hiddenBias = useBias ? AddParameter($"bias_hh_{suffix}", [gates], usual, random) : null;
                _layers[layer][d] = weights(ofInput, ofHidden, inputBias, hiddenBias);
            }
        }

        _dropoutKey = dropout > 0f ? ((ulong)random.NextUInt32() << 32) | random.NextUInt32() : 0;
    }

    /// <summary>Gets the size of the input's last axis.</summary>
    public int InFeatures { get; }

    /// <summary>Gets the number of hidden units of a direction.</summary>
    public int HiddenSize { get; }

    /// <summary>Gets the number of layers, each fed by the one before.</summary>
    public int LayerCount { get; }

    /// <summary>Gets a value indicating whether the batch is the first axis of input and output; otherwise time is.</summary>
    public bool BatchFirst { get; }

    /// <summary>Gets the share of values that is set to zero between layers while training.</summary>
    public float Dropout { get; }

    /// <summary>Gets a value indicating whether a second set of weights reads the sequence from its end.</summary>
    public bool IsBidirectional { get; }

    /// <summary>Gets the number of directions, 1 or 2.</summary>
    public int DirectionCount => IsBidirectional ? 2 : 1;

    /// <summary>Gets the size of the output's last axis.</summary>
    public int OutFeatures => DirectionCount * HiddenSize;

    /// <inheritdoc/>
    /// <returns>The hidden states of the last layer after every step; both directions side by side.</returns>
    /// <exception cref="ShapeException">The input does not have three axes, the last of <see cref="InFeatures"/> values.</exception>
    public override Tensor Forward(Tensor x) => Forward(x, []);

    /// <summary>Computes the outputs of sequences of different lengths, padded at their ends.</summary>
    /// <param name="x">The input; what it holds beyond a sequence's end does not matter.</param>
    /// <param name="lengths">Steps of each sample, from 1 to all; empty for all.</param>
    /// <returns>The outputs; 0 beyond a sequence's end.</returns>
    public Tensor Forward(Tensor x, ReadOnlySpan<int> lengths) => Run(x, default, default, lengths, wantsHidden: false, wantsCell: false, out _, out _);

    /// <summary>Computes what the last layer knows of whole sequences: its hidden states after their ends, both directions side by side.</summary>
    /// <param name="x">The input.</param>
    /// <param name="lengths">Steps of each sample, from 1 to all; empty for all.</param>
    /// <returns>The states, (batch, <see cref="OutFeatures"/>); the reverse direction's is that at the first step.</returns>
    public Tensor LastStates(Tensor x, ReadOnlySpan<int> lengths = default)
    {
        Run(x, default, default, lengths, wantsHidden: true, wantsCell: false, out Tensor states, out _);
        Tensor last = states.Slice(0, (LayerCount - 1) * DirectionCount, 1).Reshape([states.Shape[1], HiddenSize]);
        return IsBidirectional ? Tensor.Concatenate(1, last, states.Slice(0, (LayerCount * DirectionCount) - 1, 1).Reshape(last.Shape)) : last;
    }

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input) => input.Rank == 2 && input[1] == InFeatures
        ? input.With(1, OutFeatures)
        : throw new ShapeException($"{this}: expected samples of shape (time, {InFeatures}), got {input}.");

    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{GetType().Name}({InFeatures} -> {HiddenSize}{(LayerCount > 1 ? $", {LayerCount} layers" : string.Empty)}{(IsBidirectional ? ", bidirectional" : string.Empty)}{(_layers[0][0].InputBias is null ? ", no bias" : string.Empty)}{(Dropout > 0f ? $", dropout {Dropout}" : string.Empty)})");

    private protected Tensor Run(Tensor x, Tensor hidden, Tensor cell, ReadOnlySpan<int> lengths, bool wantsHidden, bool wantsCell, out Tensor lastHidden, out Tensor lastCell)
    {
        Check(x.Shape, lengths);
        CheckState("hidden states", hidden, x.Shape);
        CheckState("cell states", cell, x.Shape);
        PassContext pass = PassContext.Current;
        bool drops = pass.IsTraining && Dropout > 0f;
        lastHidden = lastCell = default;
        for (int layer = 0; layer < LayerCount; layer++)
        {
            if (layer > 0 && drops)
            {
                // As in the layer Dropout; layers take keys of their own.
                ulong key = _dropoutKey ^ (pass.Random?.Key ?? 0) ^ ((ulong)layer * 0x9E3779B97F4A7C15UL);
                x = DropoutOperation.Apply(x, Dropout, key, (ulong)pass.StepNumber << 32);
            }

            x = RecurrentOperation.Apply(x, _layers[layer], BatchFirst, StateOf(hidden, layer), StateOf(cell, layer), lengths);
            lastHidden = wantsHidden ? Behind(lastHidden, RecurrentOperation.FinalHidden(x)) : default;
            lastCell = wantsCell ? Behind(lastCell, RecurrentOperation.FinalCell(x)) : default;
        }

        return x;
    }

    private static Tensor Behind(Tensor layersBefore, Tensor states) => layersBefore.IsAlive ? Tensor.Concatenate(0, layersBefore, states) : states;

    private Tensor StateOf(Tensor states, int layer) => LayerCount == 1 || !states.IsAlive ? states : states.Slice(0, layer * DirectionCount, DirectionCount);

    private void Check(in Shape shape, ReadOnlySpan<int> lengths)
    {
        if (shape.Rank != 3 || shape[2] != InFeatures)
        {
            throw new ShapeException($"{this}: expected input of shape {(BatchFirst ? "(batch, time" : "(time, batch")}, {InFeatures}), got {shape}.");
        }

        int steps = shape[BatchFirst ? 1 : 0], batch = shape[BatchFirst ? 0 : 1];
        if (steps == 0)
        {
            throw new ShapeException($"{this}: expected at least one time step, got input {shape}.");
        }

        if (!lengths.IsEmpty && lengths.Length != batch)
        {
            throw new ShapeException($"{this}: expected one length for each of {batch} samples, got {lengths.Length}.");
        }

        for (int i = 0; i < lengths.Length; i++)
        {
            if (lengths[i] < 1 || lengths[i] > steps)
            {
                throw new ShapeException($"{this}: expected lengths from 1 to {steps}, got {lengths[i]} at sample {i}.");
            }
        }
    }

    private void CheckState(string what, Tensor state, in Shape input)
    {
        Shape expected = [LayerCount * DirectionCount, input[BatchFirst ? 0 : 1], HiddenSize];
        if (state.IsAlive && state.Shape != expected)
        {
            throw new ShapeException($"{this}: expected {what} of shape {expected}, got {state.Shape}.");
        }
    }
}
