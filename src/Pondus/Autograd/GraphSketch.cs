namespace Pondus;

/// <summary>A graph to which operations describe what they computed, in the operators of ONNX.</summary>
/// <remarks>An operation knows its state and nobody else does; who writes the graph to a file knows nothing of operations.</remarks>
internal abstract class GraphSketch
{
    /// <summary>Gives the name of a value that is there already: a result, an input, a parameter, or a constant.</summary>
    public abstract string Of(Node node);

    /// <summary>Adds numbers that the graph holds; a name for them, or none.</summary>
    public abstract string Constant(ReadOnlySpan<float> values, ReadOnlySpan<int> shape, string? name = null);

    /// <summary>Adds whole numbers that the graph holds: a shape, axes, indices.</summary>
    public abstract string Integers(params ReadOnlySpan<long> values);

    /// <summary>Adds an operator and gives the name of one of its results, by default the first and only.</summary>
    public abstract string Emit(string type, ReadOnlySpan<string> inputs, ReadOnlySpan<SketchAttribute> attributes = default, int outputs = 1, int taken = 0);

    /// <summary>Names the input of tokens, which the graph takes as whole numbers.</summary>
    public abstract string Tokens(Node indices);

    /// <summary>The name of a parameter, or of numbers made of it under its name.</summary>
    public string Of(Parameter parameter) => Of(parameter.Node);

    /// <summary>Adds an operator of one input without attributes.</summary>
    public string Emit(string type, string x) => Emit(type, [x]);

    /// <summary>Gives a value other sizes.</summary>
    public string Reshape(string x, in Shape shape)
    {
        Span<long> sizes = stackalloc long[Shape.MaxRank];
        for (int i = 0; i < shape.Rank; i++)
        {
            sizes[i] = shape[i];
        }

        return Emit("Reshape", [x, Integers(sizes[..shape.Rank])]);
    }

    /// <summary>Gives a value its axes in another order.</summary>
    public string Permute(string x, params ReadOnlySpan<int> axes)
    {
        long[] order = new long[axes.Length];
        for (int i = 0; i < order.Length; i++)
        {
            order[i] = axes[i];
        }

        return Emit("Transpose", [x], [new("perm", order)]);
    }

    /// <summary>Adds a single number.</summary>
    public string Number(float value) => Constant([value], []);
}
