namespace Pondus.Losses;

/// <summary>How the losses of many values become one number.</summary>
public enum LossReduction
{
    /// <summary>Their mean, or the weighted mean where labels have weights; NaN when there are none.</summary>
    Mean,

    /// <summary>Their sum; 0 when there are none.</summary>
    Sum,

    /// <summary>Their sum over the size of the first axis.</summary>
    BatchMean,

    /// <summary>Nothing: each loss by itself.</summary>
    None,
}
