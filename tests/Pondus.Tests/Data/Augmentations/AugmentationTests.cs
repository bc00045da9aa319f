using Pondus.Data.Augmentations;
using Xunit;

namespace Pondus.Tests.Data.Augmentations;

/// <summary>Each change against numbers worked by hand; what is drawn at random, against all that may come.</summary>
public sealed class AugmentationTests
{
    private static readonly float[] s_nine = [1, 2, 3, 4, 5, 6, 7, 8, 9];

    [Fact]
    public void RandomCrop_ThreeByThree_GivesEachOfTheNineShiftsAlike()
    {
        // A shift by (dy, dx): place (y, x) shows what was at (y + dy, x + dx), black outside.
        PictureFormat format = new(1, 3, 3, Black: -1);
        Dictionary<string, int> seen = [];
        for (int sample = 0; sample < 900; sample++)
        {
            string shown = string.Join(' ', Apply(new RandomCrop(1), s_nine, format, (ulong)sample));
            seen[shown] = seen.GetValueOrDefault(shown) + 1;
        }

        string[] expected =
        [
            "-1 -1 -1 -1 1 2 -1 4 5", "-1 -1 -1 1 2 3 4 5 6", "-1 -1 -1 2 3 -1 5 6 -1",
            "-1 1 2 -1 4 5 -1 7 8", "1 2 3 4 5 6 7 8 9", "2 3 -1 5 6 -1 8 9 -1",
            "-1 4 5 -1 7 8 -1 -1 -1", "4 5 6 7 8 9 -1 -1 -1", "5 6 -1 8 9 -1 -1 -1 -1",
        ];
        Assert.Equal(expected.Order(StringComparer.Ordinal), seen.Keys.Order(StringComparer.Ordinal));
        // 100 each, with a deviation of sqrt(900 x 1/9 x 8/9) = 9.4.
        Assert.All(seen.Values, count => Assert.InRange(count, 55, 145));
    }

    [Fact]
    public void RandomCrop_FurtherThanThePicture_LeavesBlackAtTheFarthest()
    {
        PictureFormat format = new(1, 3, 3, Black: 0);
        IEnumerable<float> sums = Enumerable.Range(0, 200).Select(i => Apply(new RandomCrop(5), s_nine, format, (ulong)i).Sum());
        Assert.Contains(0f, sums);
    }

    [Fact]
    public void HorizontalFlip_TwoPlanes_ReversesEachRow() =>
        Assert.Equal([3f, 2, 1, 6, 5, 4, 9, 8, 7, 12, 11, 10], Apply(new HorizontalFlip(1f), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], new PictureFormat(2, 2, 3)));

    [Fact]
    public void VerticalFlip_TwoPlanes_ReversesTheRowsOfEach() =>
        Assert.Equal([4f, 5, 6, 1, 2, 3, 10, 11, 12, 7, 8, 9], Apply(new VerticalFlip(1f), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], new PictureFormat(2, 2, 3)));

    [Theory]
    [InlineData(0f, 0)]
    [InlineData(0.3f, 300)]
    [InlineData(1f, 1000)]
    public void HorizontalFlip_Probability_IsTheShareOfSamples(float probability, int expected)
    {
        int count = Enumerable.Range(0, 1000).Count(i => Apply(new HorizontalFlip(probability), [1, 2], new PictureFormat(1, 1, 2), (ulong)i)[0] == 2f);
        // The deviation at 0.3 is sqrt(1000 x 0.3 x 0.7) = 14.5.
        Assert.InRange(count, expected - (expected is 0 or 1000 ? 0 : 60), expected + (expected is 0 or 1000 ? 0 : 60));
    }

    // Angles in degrees, shifts in pixels; the picture is 1 2 3 / 4 5 6 / 7 8 9 and black is 0.
    [Theory]
    [InlineData(90f, 1f, 0f, 0f, 0f, "7 4 1 8 5 2 9 6 3")] // clockwise: what was at the top goes to the right
    [InlineData(180f, 1f, 0f, 0f, 0f, "9 8 7 6 5 4 3 2 1")]
    [InlineData(0f, 1f, 0f, 1f, 0f, "0 1 2 0 4 5 0 7 8")] // one pixel to the right
    [InlineData(0f, 1f, 0f, 0.5f, 0f, "0.5 1.5 2.5 2 4.5 5.5 3.5 7.5 8.5")] // between two pixels: their mean
    [InlineData(0f, 1f, 0f, 0f, -0.5f, "2.5 3.5 4.5 5.5 6.5 7.5 3.5 4 4.5")] // half a pixel up
    [InlineData(0f, 2f, 0f, 0f, 0f, "3 3.5 4 4.5 5 5.5 6 6.5 7")] // twice as large: reads at distance 1/2 from the middle
    [InlineData(0f, 1f, 45f, 0f, 0f, "2 3 0 4 5 6 0 7 8")] // x moves by y: the upper row to the left, the lower to the right
    public void Transform_KnownNumbers_ReadsBilinearly(float rotation, float scale, float shear, float right, float down, string expected)
    {
        float[] values = [.. s_nine];
        RandomAffine.Transform(values, new float[9], new PictureFormat(1, 3, 3), rotation, scale, shear, right, down);
        Assert.Equal(expected, string.Join(' ', values.Select(v => MathF.Round(v, 4) + 0f)));
    }

    [Fact]
    public void RandomAffine_NoRange_ChangesNothing() =>
        Assert.Equal(s_nine, Apply(new RandomAffine(), s_nine, new PictureFormat(1, 3, 3)));

    [Fact]
    public void RandomAffine_HugeShift_IsBlackAndDoesNotOverflow()
    {
        float[] values = [.. s_nine];
        RandomAffine.Transform(values, new float[9], new PictureFormat(1, 3, 3, Black: -2), 0, 1e-9f, 0, 1e9f, 0);
        Assert.All(values, v => Assert.Equal(-2f, v));
    }

    [Fact]
    public void Erase_TwoPlanes_BlackensOneRectangleOfTheWantedArea()
    {
        PictureFormat format = new(2, 20, 20, Black: -3);
        for (ulong sample = 0; sample < 200; sample++)
        {
            float[] values = Apply(new Erase(1f, 0.1f, 0.2f), [.. Enumerable.Repeat(1f, 800)], format, sample);
            int[] black = [.. Enumerable.Range(0, 400).Where(i => values[i] == -3f)];
            Assert.Equal(black, Enumerable.Range(0, 400).Where(i => values[400 + i] == -3f));
            int top = black.Min(i => i / 20), bottom = black.Max(i => i / 20), left = black.Min(i => i % 20), right = black.Max(i => i % 20);
            Assert.Equal((bottom - top + 1) * (right - left + 1), black.Length);
            // 40 to 80 pixels; both sides are rounded, which can take or give half a row and half a column.
            Assert.InRange(black.Length, 30, 92);
        }
    }

    [Fact]
    public void Noise_ManyValues_HasTheDeviationInTheUnitOfTheSource()
    {
        float[] values = Apply(new Noise(0.1f), new float[40_000], new PictureFormat(1, 200, 200, Unit: 5f));
        double mean = values.Average(v => (double)v), deviation = Math.Sqrt(values.Average(v => (double)v * v));
        // The deviation of the mean is 0.5 / 200, that of the deviation 0.5 / sqrt(80,000).
        Assert.InRange(mean, -0.0125, 0.0125);
        Assert.InRange(deviation, 0.491, 0.509);
    }

    [Fact]
    public void Brightness_Drawn_AddsOneNumberToAllValues()
    {
        float[] changes = [.. Enumerable.Range(0, 500).Select(i => Apply(new Brightness(0.2f), s_nine, new PictureFormat(1, 3, 3, Unit: 2f), (ulong)i)).Select(values =>
        {
            Assert.All(Enumerable.Range(0, 9), j => Assert.Equal(values[0] - 1f, values[j] - s_nine[j], 1e-5f));
            return values[0] - 1f;
        })];
        Assert.InRange(changes.Min(), -0.4001f, -0.38f);
        Assert.InRange(changes.Max(), 0.38f, 0.4001f);
    }

    [Fact]
    public void Contrast_Drawn_ScalesDifferencesFromTheMean()
    {
        // The mean of 1 to 9 is 5: the factor is (x - 5) / (1 - 5) at the first value.
        float[] factors = [.. Enumerable.Range(0, 500).Select(i => Apply(new Contrast(0.5f), s_nine, new PictureFormat(1, 3, 3), (ulong)i)).Select(values =>
        {
            float factor = (values[0] - 5f) / -4f;
            Assert.All(Enumerable.Range(0, 9), j => Assert.Equal(5f + (factor * (s_nine[j] - 5f)), values[j], 1e-5f));
            return factor;
        })];
        Assert.InRange(factors.Min(), 0.4999f, 0.52f);
        Assert.InRange(factors.Max(), 1.48f, 1.5001f);
    }

    [Theory]
    [InlineData(0.2f)]
    [InlineData(1f)]
    [InlineData(4f)]
    public void Mixup_ManySamples_SharesAreBetaDistributed(float alpha)
    {
        double sum = 0, squares = 0;
        const int count = 20_000;
        for (int i = 0; i < count; i++)
        {
            float[] values = [1, 10];
            SampleRandom random = new((ulong)i, 0);
            float share = new Mixup(alpha).Mix(values, [3, -10], new PictureFormat(1, 1, 2), ref random);
            Assert.Equal(3f - (2f * share), values[0], 1e-5f);
            Assert.Equal((20f * share) - 10f, values[1], 1e-4f);
            sum += share;
            squares += (share - 0.5) * (share - 0.5);
        }

        // The variance of Beta(a, a) is 1 / (4 (2 a + 1)); both tolerances are five deviations or more.
        Assert.Equal(0.5, sum / count, 0.015);
        Assert.Equal(1 / (4 * ((2 * alpha) + 1)), squares / count, 0.004);
    }

    [Fact]
    public void Cutmix_ManySamples_ShareIsThatOfThePixelsLeft()
    {
        List<float> shares = [];
        for (int i = 0; i < 500; i++)
        {
            float[] values = new float[2 * 64];
            SampleRandom random = new((ulong)i, 0);
            float share = new Cutmix().Mix(values, [.. Enumerable.Repeat(1f, 128)], new PictureFormat(2, 8, 8), ref random);
            Assert.Equal(64 - values.Take(64).Sum(), share * 64, 1e-3f);
            Assert.Equal(values.Take(64), values.Skip(64));
            shares.Add(share);
        }

        Assert.InRange(shares.Min(), 0f, 0.3f);
        Assert.InRange(shares.Max(), 0.95f, 1f);
    }

    [Fact]
    public void Constructors_OutOfRange_AreRefused()
    {
        Assert.StartsWith("HorizontalFlip: expected probability from 0 to 1, got 1.5.", Assert.Throws<ArgumentOutOfRangeException>(() => new HorizontalFlip(1.5f)).Message, StringComparison.Ordinal);
        Assert.StartsWith("Mixup: expected alpha above 0, got 0.", Assert.Throws<ArgumentOutOfRangeException>(() => new Mixup(0f)).Message, StringComparison.Ordinal);
        Assert.StartsWith("Noise: expected deviation of at least 0, got -1.", Assert.Throws<ArgumentOutOfRangeException>(() => new Noise(-1f)).Message, StringComparison.Ordinal);
        Assert.StartsWith("Erase: expected maximumArea from 0.5 to 1, got 0.2.", Assert.Throws<ArgumentOutOfRangeException>(() => new Erase(1f, 0.5f, 0.2f)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new RandomAffine(scale: 1f));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RandomCrop(-1));
    }

    private static float[] Apply(Augmentation augmentation, float[] picture, PictureFormat format, ulong key = 1)
    {
        float[] values = [.. picture];
        SampleRandom random = new(key, 0);
        augmentation.Apply(values, new float[values.Length], format, ref random);
        return values;
    }
}
