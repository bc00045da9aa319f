namespace Pondus.Experiments;

/// <summary>How much of a training is written into its event files.</summary>
public enum MonitorLevel
{
    /// <summary>Nothing: there is no event file.</summary>
    Off,

    /// <summary>Losses, metrics, the learning rate, and the norm of the gradients where it is clipped.</summary>
    Light,
}
