using Pondus.Layers;

namespace Pondus.Networks;

/// <summary>A recurrent layer between what turns a sequence into vectors and what turns states into answers.</summary>
/// <remarks>
/// <para>Shape: x (batch, time, in), or (batch, time) of tokens with an embedding, or pictures (batch, 1, rows, columns) read row by row. y (batch, outputs) from the last layer's final states, of both directions; with an answer for each step (batch, time, outputs).</para>
/// <para>Names: <c>embedding.weight</c>, <c>rnn.weight_ih_l0</c> and so on, <c>head.weight</c>, <c>head.bias</c>.</para>
/// </remarks>
public sealed class RecurrentNetwork : Layer
{
    private readonly Embedding? _embedding;
    private readonly Recurrent _body;
    private readonly Linear _head;

    /// <summary>Makes the network.</summary>
    /// <param name="body">The recurrent layer, with the batch first.</param>
    /// <param name="outputCount">Number of outputs, at least 1.</param>
    /// <param name="random">Source of the head's starting values.</param>
    /// <param name="embedding">Turns tokens into vectors of the body's input size; null when the input is vectors.</param>
    /// <param name="everyStep">Whether each step has an answer rather than the whole sequence one.</param>
    /// <exception cref="ArgumentException">The body reads time first, or vectors of another size than the embedding gives.</exception>
    public RecurrentNetwork(Recurrent body, int outputCount, RandomSource random, Embedding? embedding = null, bool everyStep = false)
    {
        ArgumentNullException.ThrowIfNull(body);
        if (!body.BatchFirst)
        {
            throw new ArgumentException($"RecurrentNetwork: expected a layer with the batch first, got {body} with time first.", nameof(body));
        }

        if (embedding is not null && embedding.Size != body.InFeatures)
        {
            throw new ArgumentException($"RecurrentNetwork: expected an embedding of size {body.InFeatures} before {body}, got {embedding}.", nameof(embedding));
        }

        _embedding = embedding is null ? null : AddModule("embedding", embedding);
        _body = AddModule("rnn", body);
        _head = AddModule("head", new Linear(body.OutFeatures, outputCount, random));
        AnswersEveryStep = everyStep;
    }

    /// <summary>Gets a value indicating whether each step has an answer rather than the whole sequence one.</summary>
    public bool AnswersEveryStep { get; }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => Forward(x, []);

    /// <summary>Computes the answers for sequences of different lengths, padded at their ends.</summary>
    /// <param name="x">The input; what it holds beyond a sequence's end does not matter, but tokens must be known ones.</param>
    /// <param name="lengths">Steps of each sample, from 1 to all; empty for all.</param>
    /// <returns>The answers.</returns>
    public Tensor Forward(Tensor x, ReadOnlySpan<int> lengths)
    {
        Shape shape = x.Shape;
        if (_embedding is null && shape.Rank == 4 && shape[1] == 1)
        {
            x = x.Reshape([shape[0], shape[2], shape[3]]);
        }

        x = _embedding is null ? x : _embedding.Forward(x);
        return _head.Forward(AnswersEveryStep ? _body.Forward(x, lengths) : _body.LastStates(x, lengths));
    }

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input)
    {
        Shape sequence = _embedding is not null ? _embedding.OutputShape(input) : input.Rank == 3 && input[0] == 1 ? [input[1], input[2]] : input;
        Shape states = _body.OutputShape(sequence);
        return _head.OutputShape(AnswersEveryStep ? states : [states[1]]);
    }

    /// <inheritdoc/>
    public override string ToString() => $"RecurrentNetwork({(_embedding is null ? string.Empty : $"{_embedding}, ")}{_body}, {_head}{(AnswersEveryStep ? ", every step" : string.Empty)})";
}
