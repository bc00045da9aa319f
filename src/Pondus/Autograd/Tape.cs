namespace Pondus;

/// <summary>Records the operations of one step in order and walks them back: creation order is a topological order.</summary>
/// <remarks>Nodes and memory belong to the tape and are re-used by its next step. A tape is bound to the thread that opened the step.</remarks>
internal sealed unsafe partial class Tape
{
    [ThreadStatic]
    private static Tape? t_current;

    [ThreadStatic]
    private static Tape? t_ofThread;

    private readonly Arena _arena = new();
    private readonly List<Parameter> _written = [];
    private Node?[] _nodes = new Node?[64];
    private int _count;
    private int _threadId;
    private bool _inBackward;

    /// <summary>Gets the tape of the open step or inference scope of this thread, or null.</summary>
    public static Tape? Current => t_current;

    /// <summary>Gets the tape that steps of this thread use.</summary>
    public static Tape OfThread => t_ofThread ??= new Tape { Recording = true };

    /// <summary>Gets a value indicating whether operations are recorded for a backward pass.</summary>
    public bool Recording { get; init; }

    /// <summary>Gets a value indicating whether every operation is recorded, also those that lead to no parameter, so that the graph can be told.</summary>
    public bool Traces { get; init; }

    /// <summary>Gets the nodes in the order of their making.</summary>
    public ReadOnlySpan<Node?> Nodes => _nodes.AsSpan(0, _count);

    /// <summary>Gets or sets the pass that is open: mode, random streams, step number.</summary>
    public PassContext Context { get; set; } = PassContext.Evaluation;

    /// <summary>Opens a step; the one before ends.</summary>
    public void Begin(PassContext context)
    {
        if (_inBackward)
        {
            throw new InvalidOperationException("Step: cannot begin inside Backward. Begin the next step after it has returned.");
        }

        Release();
        _threadId = Environment.CurrentManagedThreadId;
        Context = context;
        t_current = this;
    }

    /// <summary>Ends the step; outside of steps nothing is recorded.</summary>
    public void End(Tape? outer)
    {
        Release();
        t_current = outer;
    }

    /// <summary>Makes the node of a result: on the open tape, or garbage-collected when there is none.</summary>
    /// <param name="shape">Sizes of the result.</param>
    /// <param name="operation">What makes it.</param>
    /// <param name="a">First input.</param>
    /// <param name="b">Second input.</param>
    /// <param name="c">Third input.</param>
    public static Node Result(in Shape shape, Operation operation, Node a, Node? b = null, Node? c = null)
    {
        Tape? tape = t_current;
        if (tape is null)
        {
            return Node.Owned(shape);
        }

        Node node = tape.Rent(shape);
        node.Data = tape._arena.Rent(shape.Count, out node.Home);
        OperationProfile.Mark(operation, backward: false, shape);
        tape.Record(node, operation, a, b, c);
        return node;
    }

    /// <summary>Makes the node of a result that shares its first input's memory.</summary>
    public static Node View(in Shape shape, Operation operation, Node a, float* data)
    {
        Tape? tape = t_current;
        if (tape is null)
        {
            return new Node { Shape = shape, Data = data, Home = a.Home, Owner = a.Owner ?? a };
        }

        Node node = tape.Rent(shape);
        node.Data = data;
        node.Home = a.Home;
        node.Owner = a.Owner ?? a;
        tape.Record(node, operation, a, null, null);
        return node;
    }

    /// <summary>Makes a single number: on the open tape, or garbage-collected when there is none.</summary>
    public static Node Constant(float value)
    {
        Node node = Constant([]);
        node.Data[0] = value;
        return node;
    }

    /// <summary>Makes a value without inputs, to be filled: on the open tape, or garbage-collected when there is none.</summary>
    public static Node Constant(in Shape shape)
    {
        if (t_current is not { } tape)
        {
            return Node.Owned(shape);
        }

        Node node = tape.Rent(shape);
        node.Data = tape._arena.Rent(shape.Count, out node.Home);
        return node;
    }

    /// <summary>Scratch that lives until the step ends, or garbage-collected outside a step.</summary>
    public static float* Scratch(int count, out float[] home)
    {
        if (t_current is { } tape)
        {
            return tape._arena.Rent(count, out home);
        }

        home = PinnedBuffer.Allocate(count, out float* pointer);
        return pointer;
    }

    /// <summary>Scratch for the backward pass, to be given back by <see cref="Return"/>.</summary>
    public float* Rent(int count) => _arena.RentGradient(count);

    /// <summary>Gives scratch back.</summary>
    public void Return(float* pointer, int count) => _arena.ReturnGradient(pointer, count);

    /// <summary>Walks the tape back from a scalar.</summary>
    public void Backward(Node loss)
    {
        if (_inBackward)
        {
            throw new InvalidOperationException("Backward: already running. It cannot be called from within itself.");
        }

        if (loss.Index >= _count || _nodes[loss.Index] != loss || !loss.NeedsGradient)
        {
            throw new InvalidOperationException("Backward: nothing was recorded for this tensor. Compute it inside a step, from parameters or tensors made by WithGradient().");
        }

        CheckThread();
        if (loss.Operation == UsedOperation.Instance)
        {
            throw new InvalidOperationException("Backward: was already called for this tensor in this step.");
        }

        _inBackward = true;
        _written.Clear();
        try
        {
            GradientOf(loss, out bool again)[0] = 1f;
            if (again)
            {
                throw new InvalidOperationException("Backward: was already called for this tensor in this step.");
            }

            Walk(loss.Index);
        }
        catch
        {
            DropGradients();
            throw;
        }
        finally
        {
            _inBackward = false;
            OperationProfile.MarkOther("behind backward");
        }
    }

    /// <summary>Makes a leaf of this step whose gradient is wanted.</summary>
    public Node Leaf(Node source)
    {
        Node node = Rent(source.Shape);
        node.Data = _arena.Rent(source.Count, out node.Home);
        source.Span.CopyTo(node.Span);
        node.NeedsGradient = Recording;
        return node;
    }

    private void Walk(int from)
    {
        for (int i = from; i >= 0; i--)
        {
            Node node = _nodes[i]!;
            if (node.Gradient == null || node.Operation is not { } operation)
            {
                continue;
            }

            CheckVersions(node);
            OperationProfile.Mark(operation, backward: true, node.Shape);
            operation.Backward(this, node);
            _arena.ReturnGradient(node.Gradient, node.Count);
            node.Operation = UsedOperation.Instance;
            node.Gradient = null;
        }
    }

    private static void CheckVersions(Node node)
    {
        if ((node.A is { } a && a.CurrentVersion != node.VersionA) || (node.B is { } b && b.CurrentVersion != node.VersionB) || (node.C is { } c && c.CurrentVersion != node.VersionC))
        {
            throw new InvalidOperationException($"Backward: an input of {node.Operation!.GetType().Name} was changed after it was used. Call Backward before the optimizer's step or Set().");
        }
    }

    /// <summary>Forgets every gradient of a failed pass: a half-written one must not be taken for a whole one, nor be added to.</summary>
    private void DropGradients()
    {
        foreach (Parameter parameter in _written)
        {
            parameter.HasGradient = false;
        }

        for (int i = 0; i < _count; i++)
        {
            _nodes[i]!.Gradient = null;
        }
    }

    private void CheckThread()
    {
        if (_threadId != Environment.CurrentManagedThreadId)
        {
            throw new InvalidOperationException("Step: was begun on another thread. Keep a step on one thread, without await inside it.");
        }
    }

    // The walk back never reaches what another thread's step recorded.
    private void CheckOwner(Node input)
    {
        if (input.NeedsGradient && input.Tape is { } owner && owner != this)
        {
            throw new InvalidOperationException(_outer is null
                ? "Step: a tensor of a step on another thread was used. Keep a step on one thread, without await inside it."
                : "Checkpoint: a tensor from outside the segment was used in it. Pass it as an input.");
        }
    }

    private Node Rent(in Shape shape)
    {
        CheckThread();
        if (_count == _nodes.Length)
        {
            Array.Resize(ref _nodes, 2 * _count);
        }

        Node node = _nodes[_count] ??= new Node { Index = _count, Tape = this };
        _count++;
        node.Shape = shape;
        return node;
    }

    private void Record(Node node, Operation operation, Node a, Node? b, Node? c)
    {
        if (!Recording || !(Traces || a.NeedsGradient || (b is not null && b.NeedsGradient) || (c is not null && c.NeedsGradient)))
        {
            return;
        }

        CheckOwner(a);
        node.NeedsGradient = true;
        node.Operation = operation;
        node.A = a;
        node.VersionA = a.CurrentVersion;
        if (b is not null)
        {
            CheckOwner(b);
            node.B = b;
            node.VersionB = b.CurrentVersion;
        }

        if (c is not null)
        {
            CheckOwner(c);
            node.C = c;
            node.VersionC = c.CurrentVersion;
        }
    }

    private void Release()
    {
        for (int i = 0; i < _count; i++)
        {
            _nodes[i]!.Recycle();
        }

        _count = 0;
        _arena.Reset();
    }
}
