using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Pondus.Losses;
using Pondus.Tests.Support;
using Xunit;

namespace Pondus.Tests.Losses;

/// <summary>Similarities of pictures agree with stored ones of pytorch-msssim and scikit-image, and gradients with stored ones in double.</summary>
public sealed class SimilarityLossTests
{
    // Single-precision results of double-precision sums.
    private const double Tolerance = 1e-6;
    private const string Folder = "fixtures/similarity/";

    [Fact]
    public void Ssim_StoredPictures_AgreesWithOthers()
    {
        foreach ((JsonElement pair, Tensor first, Tensor second) in Pairs())
        {
            double expected = pair.GetProperty("ssim").GetProperty("pytorch_msssim").GetDouble();
            Assert.Equal(expected, 1 - new Ssim(255f).Forward(first, second).Item(), Tolerance);
            Pondus.Metrics.Ssim metric = new(255f);
            metric.Add(first, [], second);
            Assert.Equal(expected, metric.Value, Tolerance);
        }
    }

    [Fact]
    public void MultiScaleSsim_StoredPictures_AgreesWithOthers()
    {
        int count = 0;
        foreach ((JsonElement pair, Tensor first, Tensor second) in Pairs())
        {
            if (pair.GetProperty("ms_ssim").ValueKind != JsonValueKind.Object)
            {
                Assert.Throws<ShapeException>(() => new MultiScaleSsim(255f).Forward(first, second));
                continue;
            }

            double expected = pair.GetProperty("ms_ssim").GetProperty("own_odd_side_dropped").GetDouble();
            Assert.Equal(expected, 1 - new MultiScaleSsim(255f).Forward(first, second).Item(), Tolerance);
            Pondus.Metrics.MultiScaleSsim metric = new(255f);
            metric.Add(first, [], second);
            Assert.Equal(expected, metric.Value, Tolerance);
            count++;
        }

        Assert.True(count > 0);
    }

    [Fact]
    public void Psnr_StoredPictures_AgreesWithOthers()
    {
        foreach ((JsonElement pair, Tensor first, Tensor second) in Pairs())
        {
            JsonElement stored = pair.GetProperty("psnr_data_range_255");
            Pondus.Metrics.Psnr metric = new(255f);
            metric.Add(first, [], second);
            if (stored.ValueKind == JsonValueKind.String)
            {
                Assert.Equal(double.PositiveInfinity, metric.Value);
                Assert.Equal(-100f, new Psnr(255f).Forward(first, second).Item(), 1e-4f);
                continue;
            }

            Assert.Equal(stored.GetDouble(), metric.Value, 1e-9);
            Assert.Equal(stored.GetDouble(), -new Psnr(255f).Forward(first, second).Item(), 1e-5 * stored.GetDouble());
            Pondus.Metrics.MeanAbsoluteError error = new();
            error.Add(first, [], second);
            Assert.Equal(pair.GetProperty("mae").GetDouble(), error.Value, 1e-9);
        }
    }

    [Theory]
    [InlineData("tiny24")]
    [InlineData("tiny20x17_rgb")]
    public void Ssim_StoredGradient_IsMet(string name)
    {
        (byte[] x, int[] shape) = ReadArray(name + "_x");
        (byte[] y, _) = ReadArray(name + "_y");
        (byte[] expected, int[] planes) = ReadArray(name + "_gradient_valid");
        double[] gradient = MemoryMarshal.Cast<byte, double>(expected).ToArray();
        double largest = gradient.Max(Math.Abs);
        foreach (bool swapped in new[] { false, true })
        {
            Step.Begin();
            Tensor a = Picture(x, shape, planes, 1f / 255).WithGradient(), b = Picture(y, shape, planes, 1f / 255);
            Tensor loss = swapped ? new Ssim().Forward(b, a) : new Ssim().Forward(a, b);
            loss.Backward();
            for (int i = 0; i < gradient.Length; i++)
            {
                Assert.Equal(gradient[i], a.Gradient[i], Tolerance * largest);
            }

            Step.End();
        }
    }

    [Fact]
    public void Backward_AllMeasures_AreTheirSlopes()
    {
        RandomSource random = new(3);
        Tensor small = Tensor.Uniform([2, 2, 13, 15], 0.2f, 0.8f, random), other = Tensor.Uniform([2, 2, 13, 15], 0.2f, 0.8f, random);
        GradientCheck.Check("ssim", static x => new Ssim().Forward(x[0], x[1]), [small, other]);
        GradientCheck.Check("psnr", static x => new Psnr().Forward(x[0], x[1]), [small, other]);
        Tensor large = Tensor.Uniform([1, 1, 49, 50], 0.2f, 0.8f, random), near = Tensor.Uniform([1, 1, 49, 50], 0.2f, 0.8f, random);
        GradientCheck.Check("multi-scale", static x => new MultiScaleSsim(windowSize: 3).Forward(x[0], x[1] + x[0]), [large, near]);
    }

    [Fact]
    public void Forward_EqualPictures_IsZeroWithoutSlope()
    {
        Step.Begin();
        Tensor x = Tensor.Uniform([1, 3, 16, 16], 0f, 1f, new RandomSource(1)).WithGradient();
        Tensor loss = new Ssim().Forward(x, x.StopGradient());
        Assert.Equal(0f, loss.Item(), 1e-6f);
        loss.Backward();
        Assert.All(x.Gradient.ToArray(), static g => Assert.Equal(0f, g, 1e-6f));
        Step.End();
    }

    [Fact]
    public void Forward_SmallPicture_SaysTheLeastSize()
    {
        Assert.Equal(
            "Ssim: expected pictures (..., height, width) of at least 11 x 11 pixels, got (1, 1, 28, 10).",
            Assert.Throws<ShapeException>(() => new Ssim().Forward(Tensor.Zeros([1, 1, 28, 10]), Tensor.Zeros([1, 1, 28, 10]))).Message);
        Assert.Equal(
            "MultiScaleSsim: expected pictures (..., height, width) of at least 176 x 176 pixels for 5 scales, got (1, 1, 160, 200).",
            Assert.Throws<ShapeException>(() => new MultiScaleSsim().Forward(Tensor.Zeros([1, 1, 160, 200]), Tensor.Zeros([1, 1, 160, 200]))).Message);
    }

    private static IEnumerable<(JsonElement Pair, Tensor First, Tensor Second)> Pairs()
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(TestData.PathOf(Folder + "images.json")));
        foreach (JsonElement pair in document.RootElement.GetProperty("pairs").EnumerateArray())
        {
            (byte[] first, int[] shape) = ReadArray(pair.GetProperty("reference").GetString()!);
            (byte[] second, _) = ReadArray(pair.GetProperty("distorted").GetString()!);
            int[] planes = shape.Length == 2 ? shape : [shape[2], shape[0], shape[1]];
            yield return (pair.Clone(), Picture(first, shape, planes, 1f), Picture(second, shape, planes, 1f));
        }
    }

    private static Tensor Picture(byte[] bytes, int[] shape, int[] planes, float scale)
    {
        Tensor pixels = Tensor.Of([.. bytes.Select(b => scale == 1f ? b : (float)(b / 255.0))], new Shape(shape));
        Tensor picture = shape.Length == 3 && !shape.SequenceEqual(planes) ? pixels.Permute(2, 0, 1) : pixels;
        return picture.Reshape(new Shape(planes)).Keep();
    }

    /// <summary>Reads one array of a NumPy archive: its bytes in C order, and its shape.</summary>
    private static (byte[] Bytes, int[] Shape) ReadArray(string name)
    {
        using ZipArchive archive = ZipFile.OpenRead(TestData.PathOf(Folder + "images.npz"));
        using MemoryStream copy = new();
        using (Stream stream = archive.GetEntry(name + ".npy")!.Open())
        {
            stream.CopyTo(copy);
        }

        byte[] bytes = copy.ToArray();
        const int LengthAt = 8;
        int start = LengthAt + 2 + BitConverter.ToUInt16(bytes, LengthAt);
        string header = Encoding.ASCII.GetString(bytes, LengthAt + 2, start - LengthAt - 2);
        string sizes = header[(header.IndexOf('(', StringComparison.Ordinal) + 1)..header.IndexOf(')', StringComparison.Ordinal)];
        return (bytes[start..], [.. sizes.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(int.Parse)]);
    }
}
