using Pondus.Data;
using Pondus.Text;

namespace Pondus.Benchmarks.Workloads;

/// <summary>Samples of the workloads, by the same formulas as the peer's.</summary>
internal static class WorkloadData
{
    /// <summary>Characters that are told apart.</summary>
    public const int CharacterCount = 65;

    /// <summary>4,096 x 16: a sine of four inputs plus a product of two.</summary>
    public static Dataset Tabular()
    {
        const int count = 4096, width = 16;
        float[] inputs = new float[count * width];
        float[] targets = new float[count];
        new RandomSource(1).FillNormal(inputs, 0f, 1f);
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<float> x = inputs.AsSpan(i * width, width);
            targets[i] = MathF.Sin(x[0] + x[1] + x[2] + x[3]) + (x[4] * x[5]);
        }

        return new Dataset(inputs, [width], targets, [1]);
    }

    /// <summary>512 pictures of 3 x 32 x 32: noise, with a color that tells the class.</summary>
    public static Dataset Cifar()
    {
        const int count = 512, channels = 3, pixels = 32 * 32, classes = 10;
        RandomSource random = new(1);
        float[] inputs = new float[count * channels * pixels], colors = new float[classes * channels];
        int[] labels = new int[count];
        random.FillNormal(inputs, 0f, 1f);
        random.FillNormal(colors, 0f, 1f);
        for (int i = 0; i < count; i++)
        {
            labels[i] = random.NextInt32(classes);
        }

        for (int i = 0; i < inputs.Length; i++)
        {
            inputs[i] += colors[(labels[i / (channels * pixels)] * channels) + (i / pixels % channels)];
        }

        return new Dataset(inputs, [channels, 32, 32], labels, [.. Enumerable.Range(0, classes).Select(static c => $"{c}")]);
    }

    /// <summary>Fashion-MNIST, normalized; pictures of 783 or 785 values lose or gain one.</summary>
    public static Dataset Fashion(string part, Shape shape)
    {
        int width = shape.Count;
        const float mean = 0.2860f, deviation = 0.3530f;
        const int pixels = 784;
        string folder = KnownDatasets.Find("fashion-mnist")
            ?? throw new IOException("fashion-mnist: expected the data set on this machine, got none. Run: pondus data get fashion-mnist");
        IdxFile images = IdxFile.Load(Path.Combine(folder, part + "-images-idx3-ubyte.gz"));
        int[] labels = IdxFile.Load(Path.Combine(folder, part + "-labels-idx1-ubyte.gz")).ToInt32();
        ReadOnlySpan<byte> bytes = images.Data;
        float[] inputs = new float[labels.Length * width];
        for (int i = 0; i < labels.Length; i++)
        {
            Span<float> to = inputs.AsSpan(i * width, width);
            for (int j = 0; j < Math.Min(width, pixels); j++)
            {
                to[j] = ((bytes[(i * pixels) + j] / 255f) - mean) / deviation;
            }
        }

        return new Dataset(inputs, shape, labels, KnownDatasets.Get("fashion-mnist").ClassNames);
    }

    /// <summary>Characters of the license texts that Debian brings, in windows; the rarest share one token.</summary>
    public static Dataset Characters(int context)
    {
        IReadOnlyList<string> files = PlainText.FindLicenses();
        string text = files.Count > 0 ? PlainText.ReadFiles(files) : throw new IOException("characters: expected license texts in /usr/share/common-licenses, got none.");
        Vocabulary vocabulary = Vocabulary.OfCharacters(text, CharacterCount);
        return TextDataset.Windows(vocabulary.Encode(text), vocabulary, context);
    }

    /// <summary>Rows of 20 with a linear score; the target is the score with noise, or drawn with the score's probability.</summary>
    public static Dataset Regression(int count, bool logistic)
    {
        const int width = 20;
        RandomSource random = new(1);
        float[] weights = new float[width];
        float[] inputs = new float[count * width];
        float[] targets = new float[count];
        random.FillNormal(weights, 0f, 1f);
        random.FillNormal(inputs, 0f, 1f);
        for (int i = 0; i < count; i++)
        {
            float score = 0.5f;
            for (int j = 0; j < width; j++)
            {
                score += weights[j] * inputs[(i * width) + j];
            }

            targets[i] = !logistic ? score + (0.1f * random.NextNormal()) : random.NextSingle() < 1f / (1f + MathF.Exp(-score)) ? 1f : 0f;
        }

        return new Dataset(inputs, [width], targets, [1]);
    }
}
