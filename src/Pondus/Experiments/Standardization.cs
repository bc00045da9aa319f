namespace Pondus.Experiments;

/// <summary>How inputs are brought to mean 0 and deviation 1; the numbers come from the training part alone.</summary>
public enum Standardization
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>Each input by its own mean and deviation.</summary>
    Feature,

    /// <summary>All inputs by one mean and one deviation, as for pictures.</summary>
    Global,
}
