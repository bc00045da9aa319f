namespace Pondus.Losses;

/// <summary>Reduces losses, and checks the settings that many of them have.</summary>
internal static class LossReductions
{
    /// <summary>Reduces single losses.</summary>
    public static Tensor Reduce(Tensor losses, LossReduction reduction) => reduction switch
    {
        LossReduction.None => losses,
        LossReduction.Sum => losses.Sum(),
        LossReduction.BatchMean => losses.Sum() * (1f / (losses.Rank == 0 ? 1 : losses.Shape[0])),
        _ => losses.Mean(),
    };

    /// <summary>Reduces losses of rows: the mean divides by the rows' weights.</summary>
    public static Tensor Reduce(Tensor losses, double weightSum, LossReduction reduction) => reduction == LossReduction.Mean
        ? losses.Sum() * (float)(1 / weightSum)
        : Reduce(losses, reduction);

    /// <summary>Turns a mean that was computed in one go into another reduction.</summary>
    public static Tensor FromMean(Tensor mean, in Shape shape, LossReduction reduction) => reduction switch
    {
        LossReduction.Sum => shape.Count == 0 ? Number(0f) : mean * shape.Count,
        LossReduction.BatchMean => shape.Rank == 0 ? mean : mean * ((float)shape.Count / shape[0]),
        _ => mean,
    };

    /// <summary>A single number beside tensors.</summary>
    public static Tensor Number(float value) => new(Tape.Constant(value));

    /// <summary>Copies class weights, or says which is none.</summary>
    public static float[]? ClassWeights(ReadOnlySpan<float> classWeights, string who)
    {
        foreach (float weight in classWeights)
        {
            if (weight is not (>= 0f and <= float.MaxValue))
            {
                throw new ArgumentOutOfRangeException(nameof(classWeights), weight, $"{who}: expected finite class weights of at least 0, got {weight}.");
            }
        }

        return classWeights.Length == 0 ? null : classWeights.ToArray();
    }

    /// <summary>Passes a setting that must be above 0.</summary>
    public static float Positive(float value, string name, string who) => value is > 0f and <= float.MaxValue
        ? value
        : throw new ArgumentOutOfRangeException(name, value, $"{who}: expected {name} above 0, got {value}.");

    /// <summary>Passes a setting that must be at least 0.</summary>
    public static float NotNegative(float value, string name, string who) => value is >= 0f and <= float.MaxValue
        ? value
        : throw new ArgumentOutOfRangeException(name, value, $"{who}: expected {name} of at least 0, got {value}.");

    /// <summary>Passes a setting that must be a number.</summary>
    public static float Finite(float value, string name, string who) => float.IsFinite(value)
        ? value
        : throw new ArgumentOutOfRangeException(name, value, $"{who}: expected a finite {name}, got {value}.");

    /// <summary>Refuses two tensors of different sizes.</summary>
    public static void OneShape(Tensor prediction, Tensor target, string who)
    {
        if (prediction.Shape != target.Shape)
        {
            throw new ShapeException($"{who}: expected prediction and target of one shape, got {prediction.Shape} and {target.Shape}.{(prediction.Count == target.Count ? " Reshape one of them." : string.Empty)}");
        }
    }

    /// <summary>Refuses class weights that are not as many as the classes.</summary>
    public static void CheckWeights(float[]? weights, Tensor prediction, string who)
    {
        if (weights is not null && weights.Length != prediction.Shape.Last)
        {
            throw new ShapeException($"{who}: expected {prediction.Shape.Last} class weights for prediction {prediction.Shape}, got {weights.Length}.");
        }
    }
}
