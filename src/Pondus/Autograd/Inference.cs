using System.Collections.Concurrent;

namespace Pondus;

/// <summary>Runs networks without recording, on pooled memory: any number of threads may call one model.</summary>
/// <remarks>Tensors made inside are stale once the call has returned: copy out what is needed. Outside any scope operations work too, on garbage-collected memory.</remarks>
public static class Inference
{
    private static readonly ConcurrentBag<Tape> s_idle = [];

    /// <summary>Runs a body in an inference scope.</summary>
    /// <typeparam name="TState">Type of what the body needs.</typeparam>
    /// <param name="state">Handed to the body, so that it can be a static lambda that captures and allocates nothing.</param>
    /// <param name="body">What to run.</param>
    public static void Run<TState>(TState state, Action<TState> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        Tape tape = Rent(out Tape? outer);
        try
        {
            body(state);
        }
        finally
        {
            Return(tape, outer);
        }
    }

    /// <summary>Runs a body in an inference scope and returns its result.</summary>
    /// <typeparam name="TState">Type of what the body needs.</typeparam>
    /// <typeparam name="TResult">Type of the result; a <see cref="Tensor"/> must be kept first.</typeparam>
    /// <param name="state">Handed to the body.</param>
    /// <param name="body">What to run.</param>
    /// <returns>What the body returned.</returns>
    public static TResult Run<TState, TResult>(TState state, Func<TState, TResult> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        Tape tape = Rent(out Tape? outer);
        try
        {
            return body(state);
        }
        finally
        {
            Return(tape, outer);
        }
    }

    private static Tape Rent(out Tape? outer)
    {
        outer = Tape.Current;
        if (!s_idle.TryTake(out Tape? tape))
        {
            tape = new Tape { Recording = false };
        }

        tape.Begin(PassContext.Evaluation);
        return tape;
    }

    private static void Return(Tape tape, Tape? outer)
    {
        tape.End(outer);
        s_idle.Add(tape);
    }
}
