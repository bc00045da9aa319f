namespace Pondus;

/// <summary>A weight or bias that training moves: a named tensor with a gradient.</summary>
/// <remarks>
/// <para>Memory: values and gradients of neighboring parameters lie in one slab; a parameter never moves.</para>
/// <para>A gradient adds up over backward passes until an optimizer's step uses it or <see cref="ZeroGradient"/> drops it.</para>
/// </remarks>
public sealed unsafe class Parameter
{
    private readonly Node _node;

    internal Parameter(string name, in Shape shape)
    {
        Name = name;
        Slab = Slab.Rent(shape.Count, out int offset);
        Offset = offset;
        _node = new Node
        {
            Shape = shape,
            Data = Slab.Values + offset,
            Home = Slab.Home,
            NeedsGradient = true,
            Parameter = this,
        };
    }

    /// <summary>Gets the name within its module, as PyTorch names it: <c>weight</c>.</summary>
    public string Name { get; }

    /// <summary>Gets the sizes.</summary>
    public Shape Shape => _node.Shape;

    /// <summary>Gets the number of values.</summary>
    public int Count => _node.Count;

    /// <summary>Gets or sets a value indicating whether training moves it; false freezes it and saves its gradient's cost.</summary>
    public bool RequiresGradient
    {
        get => _node.NeedsGradient;
        set => _node.NeedsGradient = value;
    }

    /// <summary>Gets a value indicating whether a backward pass has written a gradient that no step has used yet.</summary>
    public bool HasGradient { get; internal set; }

    /// <summary>Gets the values, row-major.</summary>
    public ReadOnlySpan<float> Values => _node.SafeSpan();

    /// <summary>Gets the gradient, row-major.</summary>
    /// <exception cref="InvalidOperationException">There is none: no backward pass has reached this parameter since the last step.</exception>
    public ReadOnlySpan<float> Gradient => HasGradient
        ? new ReadOnlySpan<float>(GradientPointer(), Count)
        : throw new InvalidOperationException($"Parameter '{Name}': expected a gradient, got none. Call Backward on a loss that depends on it, before the optimizer's step.");

    /// <summary>Gets a value indicating whether it counts something: files hold it as a 64-bit integer, as PyTorch's do.</summary>
    internal bool IsCounter { get; init; }

    internal Slab Slab { get; }

    internal int Offset { get; }

    internal Node Node => _node;

    /// <summary>The value as a tensor.</summary>
    /// <param name="parameter">The parameter.</param>
    public static implicit operator Tensor(Parameter parameter) => parameter.ToTensor();

    /// <summary>Gives the value as a tensor; it follows the parameter.</summary>
    /// <returns>The tensor.</returns>
    public Tensor ToTensor() => new(_node);

    /// <summary>Copies the values.</summary>
    /// <returns>A new array, row-major.</returns>
    public float[] ToArray() => Values.ToArray();

    /// <summary>Replaces the values.</summary>
    /// <param name="values">New values, row-major, as many as the parameter has.</param>
    /// <exception cref="ShapeException">The count differs.</exception>
    public void Set(ReadOnlySpan<float> values)
    {
        if (values.Length != Count)
        {
            throw new ShapeException($"Parameter '{Name}' {Shape}: expected {Count} values, got {values.Length}.");
        }

        values.CopyTo(_node.SafeSpan());
        MarkChanged();
    }

    /// <summary>Drops the gradient.</summary>
    public void ZeroGradient() => HasGradient = false;

    /// <summary>Prints name and sizes.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => $"{Name} {Shape}";

    internal float* GradientPointer() => Slab.Gradients + Offset;

    internal void MarkChanged() => _node.Version++;

    /// <summary>Values to be written in place by an initializer or an optimizer; the caller calls <see cref="MarkChanged"/>.</summary>
    internal Span<float> Writable() => _node.SafeSpan();
}
