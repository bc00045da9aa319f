using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Pondus;

/// <summary>A value and how it was made. A tape's nodes are recycled by it; other nodes are garbage-collected.</summary>
internal sealed unsafe class Node
{
    /// <summary>Raised when the tape takes the node back, so that old handles are recognised.</summary>
    public long Generation = 1;

    /// <summary>The values, row-major.</summary>
    public float* Data;

    /// <summary>The array that <see cref="Data"/> points into: keeps it alive.</summary>
    public float[] Home = [];

    /// <summary>The gradient, or null while no contribution has been written.</summary>
    public float* Gradient;

    /// <summary>Sizes.</summary>
    public Shape Shape;

    /// <summary>What made the value; null for leaves.</summary>
    public Operation? Operation;

    /// <summary>First input.</summary>
    public Node? A;

    /// <summary>Second input.</summary>
    public Node? B;

    /// <summary>Third input.</summary>
    public Node? C;

    /// <summary>Inputs of operations that have any number of them.</summary>
    public Node[]? Inputs;

    // Steps repeat: the next one wants as many inputs at this place of the tape.
    private Node?[] _inputsKept = [];

    /// <summary>Version of the first input when it was read.</summary>
    public int VersionA;

    /// <summary>Version of the second input when it was read.</summary>
    public int VersionB;

    /// <summary>Version of the third input when it was read.</summary>
    public int VersionC;

    /// <summary>Raised by every write after the first.</summary>
    public int Version;

    /// <summary>The node whose memory a view shows; null for nodes with memory of their own.</summary>
    public Node? Owner;

    /// <summary>The tape that owns the node; null for garbage-collected nodes.</summary>
    public Tape? Tape;

    /// <summary>Place on the tape.</summary>
    public int Index;

    /// <summary>Whether the values (N, C, ...) lie in memory as (N, ..., C): what convolutions and their neighbors compute on.</summary>
    public bool ChannelsLast;

    /// <summary>The same values in the other layout, once a step has made them.</summary>
    public Node? Twin;

    /// <summary>Whether a gradient is wanted for this value or anything it was made from.</summary>
    public bool NeedsGradient;

    /// <summary>The parameter whose value this is, if any.</summary>
    public Parameter? Parameter;

    /// <summary>Numbers that the operation needs in its backward pass.</summary>
    public OperationState State;

    /// <summary>Gets the version of the values: a view's is that of the memory it shows.</summary>
    public int CurrentVersion => Owner is { } owner ? owner.Version : Version;

    /// <summary>Gets the number of values.</summary>
    public int Count => Shape.Count;

    /// <summary>Gets the sizes in the order of memory.</summary>
    public Shape MemoryShape => ChannelsLast ? LayoutOperation.ChannelsLastShape(Shape) : Shape;

    /// <summary>Gets the values.</summary>
    public Span<float> Span => new(Data, Count);

    /// <summary>Makes a garbage-collected node with uninitialised values.</summary>
    public static Node Owned(in Shape shape)
    {
        Node node = new() { Shape = shape };
        node.Home = PinnedBuffer.Allocate(shape.Count, out node.Data);
        return node;
    }

    /// <summary>Makes a garbage-collected node with a copy of values.</summary>
    public static Node Owned(in Shape shape, ReadOnlySpan<float> values)
    {
        Node node = Owned(shape);
        values.CopyTo(node.Span);
        return node;
    }

    /// <summary>Gives a span that keeps its memory alive on its own.</summary>
    public Span<float> SafeSpan()
    {
        if (Count == 0)
        {
            return default;
        }

        float* start = (float*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(Home));
        return Home.AsSpan((int)(Data - start), Count);
    }

    /// <summary>Gives the node a list of inputs, to be filled.</summary>
    public Node[] MakeInputs(int count)
    {
        if (_inputsKept.Length != count)
        {
            _inputsKept = new Node?[count];
        }

        return Inputs = _inputsKept!;
    }

    /// <summary>Forgets everything, keeping the object.</summary>
    public void Recycle()
    {
        Generation++;
        A = B = C = Owner = Twin = null;
        ChannelsLast = false;
        if (Inputs is not null)
        {
            Array.Clear(_inputsKept);
            Inputs = null;
        }

        Operation = null;
        Gradient = null;
        NeedsGradient = false;
        State.Object = null;
    }
}
