namespace Pondus;

/// <summary>An array of floats with a shape; what networks compute with.</summary>
/// <remarks>
/// <para>A 16-byte handle: pass it by value, never dispose it. Single precision, row-major, on the CPU.</para>
/// <para>Lifetime: a tensor made inside a step or inference scope lives until that ends, then every use throws; <see cref="Keep"/> copies it out. Other tensors are garbage-collected.</para>
/// <para>Each operation is a file in the folder Operations: its method, its gradient, its document.</para>
/// </remarks>
public readonly unsafe partial struct Tensor
{
    private readonly Node? _node;
    private readonly long _generation;

    internal Tensor(Node node)
    {
        _node = node;
        _generation = node.Generation;
    }

    /// <summary>Gets the sizes.</summary>
    public Shape Shape => UseAny().Shape;

    /// <summary>Gets the number of values.</summary>
    public int Count => UseAny().Count;

    /// <summary>Gets the number of axes.</summary>
    public int Rank => UseAny().Shape.Rank;

    /// <summary>Gets the values, row-major.</summary>
    public ReadOnlySpan<float> Values => Use().SafeSpan();

    /// <summary>Gets a value indicating whether this was made by a constructor or operation and its step has not ended.</summary>
    public bool IsAlive => _node is { } node && node.Generation == _generation;

    /// <summary>Gets the gradient of a tensor made by <see cref="WithGradient"/>, after a backward pass.</summary>
    /// <exception cref="InvalidOperationException">No gradient was computed.</exception>
    public ReadOnlySpan<float> Gradient
    {
        get
        {
            Node node = Use();
            if (node.Parameter is { } parameter)
            {
                return parameter.Gradient;
            }

            return node.Gradient != null
                ? new ReadOnlySpan<float>(node.Gradient, node.Count)
                : throw new InvalidOperationException("Tensor: expected a gradient, got none. Make the tensor with WithGradient() inside the step, and call Backward on a result that depends on it.");
        }
    }

    /// <summary>Makes a tensor with a copy of values, in one axis.</summary>
    /// <param name="values">The values.</param>
    /// <returns>A garbage-collected tensor.</returns>
    public static Tensor Of(params ReadOnlySpan<float> values) => new(Node.Owned([values.Length], values));

    /// <summary>Makes a tensor with a copy of values.</summary>
    /// <param name="values">The values, row-major.</param>
    /// <param name="shape">Sizes; their product is the number of values.</param>
    /// <returns>A garbage-collected tensor.</returns>
    /// <exception cref="ShapeException">The count differs.</exception>
    public static Tensor Of(ReadOnlySpan<float> values, Shape shape) => values.Length == shape.Count
        ? new(Node.Owned(shape, values))
        : throw new ShapeException($"Tensor.Of: expected {shape.Count} values for shape {shape}, got {values.Length}.");

    /// <summary>Makes a tensor of zeros.</summary>
    /// <param name="shape">Sizes.</param>
    /// <returns>A garbage-collected tensor.</returns>
    public static Tensor Zeros(Shape shape) => Full(shape, 0f);

    /// <summary>Makes a tensor of ones.</summary>
    /// <param name="shape">Sizes.</param>
    /// <returns>A garbage-collected tensor.</returns>
    public static Tensor Ones(Shape shape) => Full(shape, 1f);

    /// <summary>Makes a tensor of one value.</summary>
    /// <param name="shape">Sizes.</param>
    /// <param name="value">The value.</param>
    /// <returns>A garbage-collected tensor.</returns>
    public static Tensor Full(Shape shape, float value)
    {
        Node node = Node.Owned(shape);
        node.Span.Fill(value);
        return new Tensor(node);
    }

    /// <summary>Makes a tensor of uniform random values.</summary>
    /// <param name="shape">Sizes.</param>
    /// <param name="low">Inclusive lower bound.</param>
    /// <param name="high">Exclusive upper bound.</param>
    /// <param name="random">Source of the values.</param>
    /// <returns>A garbage-collected tensor.</returns>
    public static Tensor Uniform(Shape shape, float low, float high, RandomSource random)
    {
        ArgumentNullException.ThrowIfNull(random);
        Node node = Node.Owned(shape);
        random.FillUniform(node.Span, low, high);
        return new Tensor(node);
    }

    /// <summary>Makes a tensor of normal random values.</summary>
    /// <param name="shape">Sizes.</param>
    /// <param name="mean">Mean.</param>
    /// <param name="deviation">Standard deviation.</param>
    /// <param name="random">Source of the values.</param>
    /// <returns>A garbage-collected tensor.</returns>
    public static Tensor Normal(Shape shape, float mean, float deviation, RandomSource random)
    {
        ArgumentNullException.ThrowIfNull(random);
        Node node = Node.Owned(shape);
        random.FillNormal(node.Span, mean, deviation);
        return new Tensor(node);
    }

    /// <summary>Copies the values.</summary>
    /// <returns>A new array, row-major.</returns>
    public float[] ToArray() => Values.ToArray();

    /// <summary>Reads the value of a tensor that has one.</summary>
    /// <returns>The value.</returns>
    /// <exception cref="ShapeException">There is not exactly one value.</exception>
    public float Item()
    {
        Node node = Use();
        return node.Count == 1 ? node.SafeSpan()[0] : throw new ShapeException($"Item: expected one value, got shape {node.Shape}.");
    }

    /// <summary>Copies the tensor out of its step.</summary>
    /// <returns>A garbage-collected tensor without history.</returns>
    public Tensor Keep()
    {
        Node node = Use();
        return new Tensor(Node.Owned(node.Shape, node.Span));
    }

    /// <summary>Copies the tensor out of its step, as PyTorch's <c>detach().clone()</c>.</summary>
    /// <returns>A garbage-collected tensor without history.</returns>
    public Tensor Detach() => Keep();

    /// <summary>Makes a leaf of the open step with the same values, whose gradient can be read after a backward pass.</summary>
    /// <returns>A tensor of this step.</returns>
    /// <exception cref="InvalidOperationException">No step is open.</exception>
    public Tensor WithGradient()
    {
        Node node = Use();
        return Tape.Current is { Recording: true } tape
            ? new Tensor(tape.Leaf(node))
            : throw new InvalidOperationException("WithGradient: no step is open. Call Step.Begin() first.");
    }

    /// <summary>Computes the gradients of all parameters and leaves that this single value depends on.</summary>
    /// <exception cref="ShapeException">There is not exactly one value.</exception>
    /// <exception cref="InvalidOperationException">Nothing was recorded, or a value that the gradient needs was changed.</exception>
    public void Backward()
    {
        Node node = Use();
        if (node.Count != 1)
        {
            throw new ShapeException($"Backward: expected one value, got shape {node.Shape}. Reduce it with Mean() or Sum() first.");
        }

        if (Tape.Current is not { Recording: true } tape)
        {
            throw new InvalidOperationException("Backward: no step is open. Call Step.Begin() before the forward pass.");
        }

        tape.Backward(node);
    }

    /// <summary>Prints shape and values, long ones shortened.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => IsAlive ? TensorText.Format(Shape, Values) : "Tensor (its step has ended)";

    /// <summary>Checks that the step has not ended and gives the node, row-major.</summary>
    internal Node Use()
    {
        Node node = UseAny();
        return node.ChannelsLast ? LayoutOperation.Convert(node) : node;
    }

    /// <summary>Checks that the step has not ended and gives the node with its channels last; the rank is at least 3.</summary>
    internal Node UseChannelsLast()
    {
        Node node = UseAny();
        return node.ChannelsLast ? node : LayoutOperation.Convert(node);
    }

    /// <summary>Checks that the step has not ended and gives the node in whichever layout it has.</summary>
    internal Node UseAny()
    {
        Node? node = _node;
        if (node is null || node.Generation != _generation)
        {
            ThrowStale(node);
        }

        return node!;
    }

    private static void ThrowStale(Node? node) => throw new InvalidOperationException(node is null
        ? "This tensor was never given a value. Make one with Tensor.Of, Tensor.Zeros or an operation."
        : "This tensor's step has ended. Call Keep() inside the step.");
}
