namespace Pondus;

/// <summary>A module with one linear map, to which a map of low rank can be added.</summary>
internal interface ILowRankTarget
{
    /// <summary>Gets the linear map.</summary>
    LinearWeights Weights { get; }

    /// <summary>Adds an adapter to the map, in place of the one that is there; null takes that away.</summary>
    void Attach(LowRankAdapter? adapter);
}
