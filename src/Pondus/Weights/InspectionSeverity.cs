namespace Pondus.Weights;

/// <summary>How much a finding matters.</summary>
public enum InspectionSeverity
{
    /// <summary>Worth knowing; nothing is wrong.</summary>
    Note,

    /// <summary>Probably not as intended.</summary>
    Warning,

    /// <summary>The weights cannot be used as they are, or not be trusted.</summary>
    Error,
}
