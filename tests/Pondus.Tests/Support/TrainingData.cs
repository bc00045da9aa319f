using Pondus.Data;

namespace Pondus.Tests.Support;

/// <summary>Small data sets, made from seeds.</summary>
internal static class TrainingData
{
    /// <summary>y = 2 x - 1 with noise, x in [-1, 1].</summary>
    public static Dataset Line(int samples, float noise = 0.1f, ulong seed = 1)
    {
        RandomSource random = new(seed);
        float[] x = new float[samples], y = new float[samples];
        for (int i = 0; i < samples; i++)
        {
            x[i] = (2f * random.NextSingle()) - 1f;
            y[i] = (2f * x[i]) - 1f + (noise * random.NextNormal());
        }

        return new Dataset(x, [1], y, [1]);
    }

    /// <summary>Clouds around random centers, one for each class.</summary>
    public static Dataset Clusters(int samples, int inputs, int classes, ulong seed = 1, float spread = 1f)
    {
        RandomSource random = new(seed);
        float[] centers = new float[classes * inputs];
        new RandomSource(99).FillNormal(centers, 0f, 1f);
        float[] x = new float[samples * inputs];
        int[] labels = new int[samples];
        for (int i = 0; i < samples; i++)
        {
            labels[i] = random.NextInt32(classes);
            for (int j = 0; j < inputs; j++)
            {
                x[(i * inputs) + j] = centers[(labels[i] * inputs) + j] + (spread * random.NextNormal());
            }
        }

        return new Dataset(x, [inputs], labels, [.. Enumerable.Range(0, classes).Select(static c => $"class {c}")]);
    }

    /// <summary>Exclusive or: the four corners, 1 where the two inputs differ.</summary>
    public static Dataset Xor() => new([0, 0, 0, 1, 1, 0, 1, 1], [2], [0, 1, 1, 0], ["same", "different"]);
}
