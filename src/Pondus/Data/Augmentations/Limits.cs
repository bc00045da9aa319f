namespace Pondus.Data.Augmentations;

/// <summary>Checks settings.</summary>
internal static class Limits
{
    public static void Check(string who, string name, float value, float low, float high)
    {
        if (!(value >= low && value <= high))
        {
            string range = low == float.Epsilon ? "above 0" : high == float.MaxValue ? $"of at least {low}" : $"from {low} to {high}";
            throw new ArgumentOutOfRangeException(name, value, $"{who}: expected {name} {range}, got {value}.");
        }
    }
}
