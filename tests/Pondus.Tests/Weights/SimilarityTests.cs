using System.Text.Json;
using Pondus.Formats;
using Pondus.Tests.Support;
using Pondus.Weights;
using Xunit;

namespace Pondus.Tests.WeightFiles;

/// <summary>Distances of tensors as NumPy and SciPy compute them, on a trained network and its changed copy.</summary>
public sealed class SimilarityTests
{
    // Float64 throughout: only the order of sums differs.
    private const double Tolerance = 1e-9;

    // SciPy's probability comes from expansions that differ in the last digits.
    private const double ProbabilityTolerance = 1e-6;

    [Fact]
    public void Compare_ChangedNetwork_GivesEachDistanceOfSciPy()
    {
        using JsonDocument document = Expected();
        JsonElement[] rows = [.. document.RootElement.GetProperty("tensors").EnumerateArray()];
        using WeightFile network = Open("weights/resnet20-cifar10/resnet20-12fca82f.th"), arrays = Open("fixtures/similarity/weights.npz");
        WeightEntry[] old = [.. network.Entries.Where(static entry => entry.Name.StartsWith("state_dict.", StringComparison.Ordinal))];
        Dictionary<string, JsonElement> changes = rows.ToDictionary(static row => $"state_dict.module.{row.GetProperty("tensor").GetString()}");
        WeightEntry[] changed = [.. old.Select(entry => changes.TryGetValue(entry.Name, out JsonElement row) ? Change(entry, row, arrays) : entry)];

        foreach ((WeightEntry a, WeightEntry b) in old.Zip(changed))
        {
            TensorDifference difference = DifferenceJob.Compare(new TensorMatch(a, b, MatchKind.Name), new DifferenceOptions());
            if (changes.TryGetValue(a.Name, out JsonElement row))
            {
                AssertDistances(row, difference);
            }
            else
            {
                Assert.True(difference.HasEqualBits);
            }
        }

        Assert.Equal(document.RootElement.GetProperty("tensors_unchanged").GetInt32() + rows.Length, old.Length);
    }

    [Fact]
    public void Compare_Activations_GivesBothAlignments()
    {
        using JsonDocument document = Expected();
        using WeightFile arrays = Open("fixtures/similarity/weights.npz");
        foreach (JsonElement row in document.RootElement.GetProperty("activations").EnumerateArray())
        {
            string name = row.GetProperty("activations").GetString()!;
            WeightEntry a = arrays.Find($"activations_old.{name}")!, b = arrays.Find($"activations_new.{name}")!;
            AssertRows(row, MatrixSimilarity.Compare(WeightValues.Read(a), WeightValues.Read(b), (int)a.Shape[0], (int)a.Shape[1]));
        }
    }

    private static void AssertDistances(JsonElement row, TensorDifference difference)
    {
        JsonElement bins = row.GetProperty("kl_64_bins_plus_one");
        (string Name, double Expected, double? Actual, double Tolerance)[] distances =
        [
            ("max", Number(row, "max_abs"), difference.Max, Tolerance),
            ("mean", Number(row, "mean_abs"), difference.Mean, Tolerance),
            ("rmse", Number(row, "rmse"), difference.RootMeanSquare, Tolerance),
            ("relative", Number(row, "relative_l2"), difference.Relative, Tolerance),
            ("cosine", Number(row, "cosine"), difference.Cosine, Tolerance),
            ("pearson", Number(row, "pearson"), difference.Pearson, Tolerance),
            ("wasserstein", Number(row, "wasserstein_1"), difference.Wasserstein, Tolerance),
            ("ks", Number(row, "ks_statistic"), difference.KolmogorovSmirnov, Tolerance),
            ("ks p", Number(row, "ks_p_asymptotic"), difference.KolmogorovSmirnovProbability, ProbabilityTolerance),
            ("kl", Number(bins, "old_to_new"), difference.KullbackLeibler, Tolerance),
            ("kl back", Number(bins, "new_to_old"), difference.KullbackLeiblerBack, Tolerance),
            ("jensen-shannon", Number(bins, "jensen_shannon"), difference.JensenShannon, Tolerance),
        ];
        foreach ((string name, double expected, double? actual, double tolerance) in distances)
        {
            Assert.True(actual is double value && Math.Abs(value - expected) <= tolerance, $"{difference.Match.First.Name} {name}: expected {expected:R}, got {actual:R}.");
        }

        Assert.Equal(row.GetProperty("sign_changes").GetInt64(), difference.SignChanges);
        Assert.Equal(row.GetProperty("equal_values").GetInt64(), difference.EqualCount);
        Assert.False(difference.HasEqualValues);
        Assert.Equal(difference.Count, difference.Sampled);
        Assert.Equal(row.GetProperty("operation").GetString() == "output channels permuted" ? "rows permuted" : null, difference.Rearrangement);
        if (row.TryGetProperty("rows_are_output_channels", out JsonElement rows))
        {
            AssertRows(rows, difference.Rows!);
            Assert.Equal(Number(rows, "row_cosine_min"), difference.Rows!.SmallestCosine!.Value, Tolerance);
        }
        else
        {
            Assert.Null(difference.Rows);
        }
    }

    private static void AssertRows(JsonElement expected, RowSimilarity rows)
    {
        Assert.Equal(Number(expected, "cka_linear"), rows.LinearCka!.Value, Tolerance);
        Assert.Equal(Number(expected, "cka_linear_unbiased"), rows.UnbiasedCka!.Value, Tolerance);
        Assert.Equal(Number(expected, "procrustes_squared_distance"), rows.ProcrustesDistance!.Value, Tolerance);
        Assert.Equal(Number(expected, "procrustes_disparity"), rows.ProcrustesDisparity!.Value, Tolerance);
    }

    // As the fixture was made; the digest of the result is checked, so that a wrong copy is not taken for a wrong distance.
    private static WeightEntry Change(WeightEntry entry, JsonElement row, WeightFile arrays)
    {
        float[] values = entry.ReadSingle(), changed = [.. values];
        string name = row.GetProperty("tensor").GetString()!;
        switch (row.GetProperty("operation").GetString())
        {
            case "noise":
                double[] noise = WeightValues.Read(arrays.Find($"noise.{name}")!);
                float scale = (float)Number(row, "noise_scale");
                changed = [.. values.Select((value, i) => value + (scale * (float)noise[i]))];
                break;
            case "scaled 1.25":
                changed = [.. values.Select(static value => value * 1.25f)];
                break;
            case "negated":
                changed = [.. values.Select(static value => -value)];
                break;
            default:
                double[] order = WeightValues.Read(arrays.Find($"permutation.{name}")!);
                int width = values.Length / order.Length;
                changed = [.. order.SelectMany(from => values.Skip((int)from * width).Take(width))];
                break;
        }

        int[] shape = [.. entry.Shape.ToArray().Select(static size => (int)size)];
        WeightEntry result = WeightEntry.OfSingle(entry.Name, shape, changed);
        Assert.Equal(row.GetProperty("sha256_float32_of_changed").GetString(), Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(result.ReadBytes())));
        return result;
    }

    private static double Number(JsonElement row, string name) => row.GetProperty(name).GetDouble();

    private static JsonDocument Expected() => JsonDocument.Parse(File.ReadAllBytes(TestData.PathOf("fixtures/similarity/weights.json")));

    private static WeightFile Open(string relative) => WeightFile.Open(TestData.PathOf(relative));
}
