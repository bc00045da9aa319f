namespace Pondus;

/// <summary>What a pass through a network is for: it decides the behaviour of layers such as dropout.</summary>
/// <param name="IsTraining">Whether layers behave as in training.</param>
/// <param name="Random">Source of the pass's random streams; null draws none.</param>
/// <param name="StepNumber">Number of the training step, from 0: random streams are keyed by it, so a resumed run repeats them.</param>
public sealed record PassContext(bool IsTraining, RandomSource? Random = null, long StepNumber = 0)
{
    /// <summary>Gets the pass that nothing else was said about: evaluation.</summary>
    public static PassContext Evaluation { get; } = new(IsTraining: false);

    /// <summary>Gets the pass of the open step or inference scope of this thread; evaluation when none is open.</summary>
    public static PassContext Current => Tape.Current?.Context ?? Evaluation;

    /// <summary>Gets the number of the step; the trainer's own context counts without being made anew.</summary>
    public long StepNumber { get; internal set; } = StepNumber;

    /// <summary>Gets a value indicating whether running statistics become the plain average of this pass's batches.</summary>
    internal bool AveragesStatistics { get; init; }
}
