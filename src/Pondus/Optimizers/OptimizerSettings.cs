namespace Pondus.Optimizers;

/// <summary>Checks settings at the public door.</summary>
internal static class OptimizerSettings
{
    public static void InUnitInterval(string who, string name, float value)
    {
        if (value is not (>= 0f and < 1f))
        {
            throw new ArgumentOutOfRangeException(name, value, $"{who}: expected {name} in [0, 1), got {value}.");
        }
    }

    public static void AtLeastZero(string who, string name, float value)
    {
        if (value is not (>= 0f and <= float.MaxValue))
        {
            throw new ArgumentOutOfRangeException(name, value, $"{who}: expected a finite {name} of at least 0, got {value}.");
        }
    }

    public static void Betas(string who, float beta1, float beta2)
    {
        InUnitInterval(who, "Beta1", beta1);
        InUnitInterval(who, "Beta2", beta2);
    }

    public static void Above(string who, string name, float value, float bound = 0f)
    {
        if (!(value > bound && value <= float.MaxValue))
        {
            throw new ArgumentOutOfRangeException(name, value, $"{who}: expected a finite {name} above {bound}, got {value}.");
        }
    }
}
