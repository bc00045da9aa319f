namespace Pondus.Formats;

/// <summary>The sorts of remarks that a reader makes.</summary>
public enum WeightRemarkKind
{
    /// <summary>A fact worth knowing, such as a tensor that shares its bytes with another.</summary>
    Note,

    /// <summary>Data that were not given as tensors: numbers, texts, objects.</summary>
    Skipped,

    /// <summary>A tensor that could not be had: its bytes are elsewhere or its form is unknown.</summary>
    Refused,

    /// <summary>The file asks its reader to run code: nothing was run.</summary>
    Threat,
}
