using System.Text.Json.Serialization;
using Pondus.Weights;

namespace Pondus.Cli.Output;

/// <summary>A matrix's singular values as <c>inspect --json</c> prints them.</summary>
internal sealed record InspectedSpectrum(
    long Rows,
    long Columns,
    double Largest,
    double Smallest,
    double EffectiveRank,
    double EffectiveRankOfSquares,
    double StableRank,
    int Rank,
    double Condition,
    double FrobeniusNorm,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<double>? SingularValues,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] InspectedPowerLaw? PowerLaw)
{
    public static InspectedSpectrum Of(Spectrum spectrum, bool withValues) => new(
        spectrum.Rows,
        spectrum.Columns,
        spectrum.SpectralNorm,
        spectrum.SingularValues[^1],
        spectrum.EffectiveRank,
        spectrum.EffectiveRankOfSquares,
        spectrum.StableRank,
        spectrum.Rank,
        spectrum.Condition,
        spectrum.FrobeniusNorm,
        withValues ? spectrum.SingularValues : null,
        spectrum.PowerLaw is { } law
            ? new InspectedPowerLaw(law.Alpha, law.Distance, law.Sigma, law.XMin, law.XMax, law.SpikeCount, law.EigenvalueCount, law.AlphaWeighted, law.LogAlphaNorm, law.StableRank, law.MatrixRank, law.Entropy, law.Warning)
            : null);
}

/// <summary>A power law, under the names of WeightWatcher in camelCase.</summary>
internal sealed record InspectedPowerLaw(
    double Alpha,
    [property: JsonPropertyName("D")] double Distance,
    double Sigma,
    double Xmin,
    double Xmax,
    int NumPlSpikes,
    int NumEvals,
    double AlphaWeighted,
    double LogAlphaNorm,
    double StableRank,
    int MatrixRank,
    double Entropy,
    string Warning);
