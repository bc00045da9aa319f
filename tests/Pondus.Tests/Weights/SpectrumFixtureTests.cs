using System.Text.Json;
using Pondus.Formats;
using Pondus.Tests.Support;
using Pondus.Weights;
using Xunit;

namespace Pondus.Tests.WeightFiles;

/// <summary>Spectra of published networks agree with those of NumPy and WeightWatcher.</summary>
public sealed class SpectrumFixtureTests
{
    private const double Close = 1e-9;

    [Theory]
    [InlineData("mnist-lenet", "mnist-lenet-gan/lenet_epoch=12_test_acc=0.991.pth")]
    [InlineData("resnet20-cifar10", "resnet20-cifar10/resnet20-12fca82f.th")]
    [InlineData("stories260k", "stories260k/model.safetensors")]
    [InlineData("minilm-l6-v2", "minilm-l6-v2/model.safetensors")]
    public void Of_PublishedNetworks_AgreesWithNumPyAndWeightWatcher(string network, string weights)
    {
        using JsonDocument expected = JsonDocument.Parse(File.ReadAllText(TestData.PathOf($"fixtures/spectrum/{network}.json")));
        string path = TestData.PathOf($"weights/{weights}");
        using WeightFile file = WeightFile.Open(path);
        Dictionary<string, Spectrum> spectra = [];
        foreach (JsonElement matrix in expected.RootElement.GetProperty("matrices").EnumerateArray())
        {
            string name = matrix.GetProperty("tensor").GetString()!;
            WeightEntry entry = Find(file, name);
            Spectrum spectrum = Spectrum.Of(entry, TestContext.Current.CancellationToken)!;
            spectra.Add(name, spectrum);
            AssertValues(name, matrix, spectrum);
        }

        foreach (JsonElement layer in expected.RootElement.GetProperty("weightwatcher_layers").EnumerateArray())
        {
            string name = layer.GetProperty("tensor").GetString()!;
            AssertPowerLaw(name, layer, spectra[name].PowerLaw!);
        }
    }

    // A checkpoint may nest its state dictionary under a name of its own.
    private static WeightEntry Find(WeightFile file, string name) =>
        file.Find(name) ?? file.Entries.Single(entry => entry.Name.EndsWith("." + name, StringComparison.Ordinal));

    private static void AssertValues(string name, JsonElement expected, Spectrum spectrum)
    {
        double[] top = Numbers(expected.GetProperty("top")), bottom = Numbers(expected.GetProperty("bottom"));
        IReadOnlyList<double> values = spectrum.SingularValues;
        for (int i = 0; i < top.Length; i++)
        {
            AssertClose(name, "top", top[i], values[i]);
        }

        for (int i = 0; i < bottom.Length; i++)
        {
            double actual = values[values.Count - bottom.Length + i];
            Assert.True(Math.Abs(actual - bottom[i]) <= Close * values[0], $"{name}: expected {bottom[i]:R} near the end, got {actual:R}.");
        }

        AssertClose(name, "sum", expected.GetProperty("sum").GetDouble(), spectrum.Sum);
        AssertClose(name, "frobenius", expected.GetProperty("frobenius").GetDouble(), spectrum.FrobeniusNorm);
        AssertClose(name, "stable_rank", expected.GetProperty("stable_rank").GetDouble(), spectrum.StableRank);
        AssertClose(name, "effective_rank", expected.GetProperty("effective_rank").GetDouble(), spectrum.EffectiveRank);
        AssertClose(name, "effective_rank_of_squares", expected.GetProperty("effective_rank_of_squares").GetDouble(), spectrum.EffectiveRankOfSquares);
        Assert.Equal(expected.GetProperty("rank").GetInt32(), spectrum.Rank);
        AssertClose(name, "condition", expected.GetProperty("condition").GetDouble(), spectrum.Condition);
    }

    private static void AssertPowerLaw(string name, JsonElement expected, SpectrumPowerLaw law)
    {
        Assert.Equal(expected.GetProperty("num_evals").GetInt32(), law.EigenvalueCount);
        Assert.Equal(expected.GetProperty("num_pl_spikes").GetInt32(), law.SpikeCount);
        Assert.Equal(expected.GetProperty("warning").GetString(), law.Warning);
        Assert.Equal(expected.GetProperty("matrix_rank").GetInt32(), law.MatrixRank);
        AssertClose(name, "alpha", expected.GetProperty("alpha").GetDouble(), law.Alpha);
        AssertClose(name, "D", expected.GetProperty("D").GetDouble(), law.Distance);
        AssertClose(name, "xmin", expected.GetProperty("xmin").GetDouble(), law.XMin);
        AssertClose(name, "xmax", expected.GetProperty("xmax").GetDouble(), law.XMax);
        AssertClose(name, "sigma", expected.GetProperty("sigma").GetDouble(), law.Sigma);
        AssertClose(name, "alpha_weighted", expected.GetProperty("alpha_weighted").GetDouble(), law.AlphaWeighted);
        AssertClose(name, "log_alpha_norm", expected.GetProperty("log_alpha_norm").GetDouble(), law.LogAlphaNorm);
        AssertClose(name, "stable_rank", expected.GetProperty("stable_rank").GetDouble(), law.StableRank);
        AssertClose(name, "entropy", expected.GetProperty("entropy").GetDouble(), law.Entropy);
    }

    private static void AssertClose(string name, string what, double expected, double actual) =>
        Assert.True(Math.Abs(actual - expected) <= Close * Math.Max(1e-3, Math.Abs(expected)), $"{name}: expected {what} {expected:R}, got {actual:R}.");

    private static double[] Numbers(JsonElement array) => [.. array.EnumerateArray().Select(static number => number.GetDouble())];
}
