namespace Pondus.Optimizers;

/// <summary>Settings for the parameters whose names fit a pattern; what is null stays as it was.</summary>
/// <param name="Match">Pattern of full names, such as <c>*.bias</c>: <c>*</c> stands for any text, <c>?</c> for one character.</param>
public sealed record ParameterGroup(string Match)
{
    /// <summary>Gets what the learning rate is multiplied by, at least 0.</summary>
    public float? LearningRateFactor { get; init; }

    /// <summary>Gets the weight decay, at least 0.</summary>
    public float? WeightDecay { get; init; }

    /// <summary>Gets the momentum, of Adam and its kin β₁, in [0, 1).</summary>
    public float? Momentum { get; init; }

    /// <summary>Gets β₂, in [0, 1).</summary>
    public float? Beta2 { get; init; }

    /// <summary>Gets a value indicating whether the parameters do not move at all.</summary>
    public bool Frozen { get; init; }

    /// <summary>Gets a value indicating whether only parameters with less than two dimensions belong to the group: biases and the scales of norms.</summary>
    public bool VectorsOnly { get; init; }

    internal void Check()
    {
        OptimizerSettings.AtLeastZero(nameof(ParameterGroup), nameof(LearningRateFactor), LearningRateFactor ?? 1f);
        OptimizerSettings.AtLeastZero(nameof(ParameterGroup), nameof(WeightDecay), WeightDecay ?? 0f);
        OptimizerSettings.InUnitInterval(nameof(ParameterGroup), nameof(Momentum), Momentum ?? 0f);
        OptimizerSettings.InUnitInterval(nameof(ParameterGroup), nameof(Beta2), Beta2 ?? 0f);
    }
}
