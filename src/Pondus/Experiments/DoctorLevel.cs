namespace Pondus.Experiments;

/// <summary>What is done about findings while training.</summary>
public enum DoctorLevel
{
    /// <summary>Nothing.</summary>
    Off,

    /// <summary>They are written down.</summary>
    Watch,

    /// <summary>They are written down and repaired where a repair is known.</summary>
    Repair,
}
