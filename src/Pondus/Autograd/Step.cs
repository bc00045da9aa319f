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
    [ThreadStatic]
    private static PassContext? t_training;

    /// <summary>Gets a value indicating whether this thread has a step or an inference scope open.</summary>
    public static bool IsOpen => Tape.Current is not null;

    /// <summary>Begins a training step; steps begun so are numbered on their thread, so that each has dropout masks of its own.</summary>
    public static void Begin()
    {
        PassContext context = t_training ??= new PassContext(IsTraining: true, StepNumber: -1);
        context.StepNumber++;
        Begin(context);
    }

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
