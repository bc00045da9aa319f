namespace Pondus.Networks;

/// <summary>The mean of each channel over the picture.</summary>
internal static class GlobalAverage
{
    public static Tensor Of(Tensor x) => x.Reshape([x.Shape[0], x.Shape[1], x.Shape[2] * x.Shape[3]]).Mean(2);
}
