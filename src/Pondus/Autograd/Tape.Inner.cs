namespace Pondus;

/// <content>A tape within a tape, for a part of a step that is computed twice.</content>
internal sealed unsafe partial class Tape
{
    private Tape? _inner;
    private Tape? _outer;

    /// <summary>Gets the floats that this tape and those within it hold.</summary>
    public long Capacity => _arena.Capacity + (_inner?.Capacity ?? 0);

    /// <summary>Opens a tape within this one, for a part of the step that is computed twice: what it records is dropped when it is left.</summary>
    public Tape EnterInner()
    {
        CheckThread();
        Tape inner = _inner ??= new Tape { Recording = true, _outer = this };
        inner._threadId = _threadId;
        inner.Context = Context;
        t_current = inner;
        return inner;
    }

    /// <summary>Drops what the tape within recorded, and goes on with this one.</summary>
    public void LeaveInner()
    {
        _inner!.Release();
        t_current = this;
    }

    /// <summary>Makes a leaf that shows a value of the tape around this one.</summary>
    public Node Show(Node source)
    {
        Node node = Rent(source.Shape);
        node.Data = source.Data;
        node.Home = source.Home;
        node.Owner = source.Owner ?? source;
        node.ChannelsLast = source.ChannelsLast;
        node.NeedsGradient = source.NeedsGradient;

        // What comes next is added where the gradient stands already, in the order of a plain pass.
        node.Gradient = source.Gradient;
        return node;
    }

    /// <summary>Copies a value of the tape within this one; it is recorded even where no input needs a gradient, for the sake of the parameters within.</summary>
    public Node Keep(Node result, Operation operation, Node input)
    {
        Node node = Rent(result.Shape);
        node.Data = _arena.Rent(result.Count, out node.Home);
        node.ChannelsLast = result.ChannelsLast;
        Kernels.Arithmetic.Copy(result.Data, node.Data, result.Count);
        node.NeedsGradient = result.NeedsGradient;
        if (node.NeedsGradient)
        {
            CheckOwner(input);
            node.Operation = operation;
            node.A = input;
            node.VersionA = input.CurrentVersion;
        }

        return node;
    }

    /// <summary>Walks the tape back from a value whose gradient is given.</summary>
    public void Backward(Node result, float* gradient)
    {
        _inBackward = true;
        _written.Clear();
        try
        {
            AddGradient(result, gradient);
            Walk(result.Index);
        }
        catch
        {
            DropGradients();
            throw;
        }
        finally
        {
            _inBackward = false;
        }
    }
}
