using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace Pondus.Cli.Tests;

/// <summary>Small data sets that a network learns in a moment, and experiments on them.</summary>
internal static class Samples
{
    /// <summary>Three kinds of points around (0, 0), (3, 0) and (0, 3), with an identifier that says nothing; class names need their order kept.</summary>
    public static string PointsTable(int rowCount)
    {
        RandomSource random = new RandomSource(1).Stream("points");
        StringBuilder text = new("id,x,y,kind\n");
        for (int i = 0; i < rowCount; i++)
        {
            (float x, float y, string name) = (i % 3) switch { 0 => (0f, 0f, "zero"), 1 => (3f, 0f, "east"), _ => (0f, 3f, "north") };
            text.Append(CultureInfo.InvariantCulture, $"{i},{x + (0.5f * random.NextNormal())},{y + (0.5f * random.NextNormal())},{name}\n");
        }

        return text.ToString();
    }

    public const string PointsExperiment = """
        {
          "name": "points",
          "data": { "source": "csv", "path": "points.csv", "target": "kind", "ignored": ["id"], "split": { "test": 30 }, "standardize": "feature", "batchSize": 16 },
          "model": { "network": "mlp", "hidden": [8] },
          "loss": "CrossEntropy",
          "optimizer": { "type": "Adam", "learningRate": 0.02 },
          "training": { "epochs": 20 },
        }
        """;

    public const string PicturesExperiment = """
        {
          "name": "pictures",
          "data": { "source": "idx", "path": "pictures", "images": "images", "labels": "labels", "testImages": null, "testLabels": null, "split": { "test": 20 }, "standardize": "global", "batchSize": 16 },
          "model": ["Flatten", { "type": "Linear", "out": 2 }],
          "loss": "CrossEntropy",
          "optimizer": { "type": "Adam", "learningRate": 0.02 },
          "training": { "epochs": 20 },
        }
        """;

    /// <summary>Pictures of 4 x 4 whose left (label 0) or right half (label 1) is bright, the images packed by gzip.</summary>
    public static (byte[] Images, byte[] Labels) Pictures(int count)
    {
        RandomSource random = new RandomSource(2).Stream("pictures");
        byte[] pixels = new byte[count * 16], labels = new byte[count];
        for (int i = 0; i < pixels.Length; i++)
        {
            int label = i / 16 % 2;
            labels[i / 16] = (byte)label;
            pixels[i] = (byte)((i % 4 / 2 == label ? 150 : 0) + random.NextInt32(100));
        }

        return (IdxWriter.Make(pixels, count, 4, 4), IdxWriter.Make(labels, count));
    }

    public static byte[] Zip(byte[] bytes)
    {
        using MemoryStream packed = new();
        using (GZipStream zip = new(packed, CompressionLevel.Fastest))
        {
            zip.Write(bytes);
        }

        return packed.ToArray();
    }

    /// <summary>Writes experiment and data into a folder, and gives the experiment's path.</summary>
    public static string Write(TemporaryFolder folder, string name)
    {
        if (name == "points")
        {
            folder.Write("points.csv", PointsTable(120));
            return folder.Write("points.json", PointsExperiment);
        }

        (byte[] images, byte[] labels) = Pictures(80);
        folder.Write("pictures/images.gz", Zip(images));
        folder.Write("pictures/labels", labels);
        return folder.Write("pictures.json", PicturesExperiment);
    }
}
