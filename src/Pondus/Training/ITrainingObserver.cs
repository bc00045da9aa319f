namespace Pondus.Training;

/// <summary>Watches training; nothing it does changes the numbers.</summary>
public interface ITrainingObserver
{
    /// <summary>Called once before the first step.</summary>
    /// <param name="trainer">The trainer.</param>
    void OnStarted(Trainer trainer)
    {
    }

    /// <summary>Called after each step; the step's tensors can still be read.</summary>
    /// <param name="trainer">The trainer.</param>
    /// <param name="report">What happened.</param>
    void OnStep(Trainer trainer, in StepReport report)
    {
    }

    /// <summary>Called after each epoch.</summary>
    /// <param name="trainer">The trainer.</param>
    /// <param name="report">What happened.</param>
    void OnEpoch(Trainer trainer, EpochReport report)
    {
    }

    /// <summary>Called once at the end, before the best weights are put back.</summary>
    /// <param name="trainer">The trainer.</param>
    /// <param name="status">Why training ended.</param>
    void OnEnded(Trainer trainer, TrainingStatus status)
    {
    }
}
