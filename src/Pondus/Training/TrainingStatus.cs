namespace Pondus.Training;

/// <summary>Why training ended.</summary>
public enum TrainingStatus
{
    /// <summary>All epochs or steps are done.</summary>
    Completed,

    /// <summary>The validation loss no longer improved.</summary>
    StoppedEarly,

    /// <summary>Loss and weights no longer moved.</summary>
    Settled,

    /// <summary>It was cancelled; it can be resumed.</summary>
    Interrupted,
}
