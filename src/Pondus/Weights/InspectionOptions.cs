namespace Pondus.Weights;

/// <summary>What <see cref="Inspection"/> looks at.</summary>
public sealed record InspectionOptions
{
    /// <summary>Gets whether to compute statistics of the values. True by default.</summary>
    public bool Statistics { get; init; } = true;

    /// <summary>Gets whether to compute the SHA-256 of each tensor's bytes. True by default.</summary>
    public bool Hashes { get; init; } = true;

    /// <summary>Gets which spectra to compute. By default those of a file whose matrices take about a second together.</summary>
    public SpectrumChoice Spectra { get; init; } = SpectrumChoice.IfQuick;

    /// <summary>Gets the one tensor to look at, or null for all.</summary>
    public string? Tensor { get; init; }

    /// <summary>Gets the number of threads, or 0 for as many as the library uses.</summary>
    public int Threads { get; init; }
}
