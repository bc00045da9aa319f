namespace Pondus;

/// <summary>A training step: operations inside it are recorded, and its values live until the next one begins.</summary>
/// <remarks>
/// <para>Beginning a step ends the one before, also after an exception. Values stay readable until then; <see cref="Tensor.Keep"/> copies one out.</para>
/// <para>Memory: a steady step allocates nothing and touches no fresh page.</para>
/// <para>A step belongs to the thread that began it.</para>
/// </remarks>
/// <example><code source="examples/02-training-loop"/></example>
public static class Step
{
    private static readonly PassContext s_training = new(IsTraining: true);

    /// <summary>Gets a value indicating whether this thread has a step or an inference scope open.</summary>
    public static bool IsOpen => Tape.Current is not null;

    /// <summary>Begins a training step without random streams.</summary>
    public static void Begin() => Begin(s_training);

    /// <summary>Begins a step.</summary>
    /// <param name="context">Mode, random streams and number of the step.</param>
    /// <exception cref="InvalidOperationException">Called inside a backward pass.</exception>
    public static void Begin(PassContext context) => Tape.OfThread.Begin(context);

    /// <summary>Ends the open step, if any; its tensors become stale.</summary>
    public static void End()
    {
        if (Tape.Current is { Recording: true } tape)
        {
            tape.End(null);
        }
    }
}
