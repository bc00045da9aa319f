namespace Pondus.Experiments;

/// <summary>What durations of a schedule are counted in.</summary>
public enum TrainingUnit
{
    /// <summary>Updates of the weights.</summary>
    Step,

    /// <summary>Passes over the training data.</summary>
    Epoch,
}
