namespace Pondus.Experiments;

/// <summary>How much is measured while training.</summary>
public enum MonitorLevel
{
    /// <summary>Nothing but the losses and metrics.</summary>
    Off,

    /// <summary>Norms of gradients and weights.</summary>
    Light,

    /// <summary>Norms, and statistics of activations.</summary>
    Default,

    /// <summary>Everything, histograms too.</summary>
    Deep,
}
