using Pondus.Formats;
using Pondus.Tests.Support;
using Pondus.Weights;
using Xunit;
using static Pondus.Tests.WeightFiles.WeightSamples;

namespace Pondus.Tests.WeightFiles;

public sealed class WeightMergingTests : IDisposable
{
    // float32 results of float64 sums: half a unit in the last place of values near 1.
    private const double Tolerance = 6e-8;

    private readonly WeightSamples _samples = new();

    public void Dispose() => _samples.Dispose();

    [Theory]
    [InlineData(MergeMethod.Average, "", new[] { 2f, 4f })]
    [InlineData(MergeMethod.Weighted, "3 1", new[] { 1.5f, 3f })]
    // b + 0.5 * ((a1 - b) + (a2 - b)) with b = (1, 1): (1 + 0.5 * 2, 1 + 0.5 * 6).
    [InlineData(MergeMethod.TaskArithmetic, "", new[] { 2f, 4f })]
    [InlineData(MergeMethod.TaskArithmetic, "2 0", new[] { 1f, 2f })]
    public void Merge_KnownValues_GivesTheFormula(MergeMethod method, string weights, float[] expected)
    {
        WeightFile a = _samples.Write("a.safetensors", Of("x", [2], 1, 2), Int64("n", 5)), b = _samples.Write("b.safetensors", Of("x", [2], 3, 6), Int64("n", 9));
        MergingOptions options = new()
        {
            Method = method,
            Weights = [.. weights.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(double.Parse)],
            Base = method == MergeMethod.TaskArithmetic ? _samples.Write("base.safetensors", Of("x", [2], 1, 1), Int64("n", 5)) : null,
            Scale = method == MergeMethod.TaskArithmetic ? 0.5 : 1,
        };
        MergingReport report = WeightMerging.Merge([a, b], _samples.At("out.safetensors"), options);
        WeightFile merged = _samples.Open("out.safetensors");
        Assert.Equal(weights == "2 0" ? [1, 2] : expected, merged.ReadSingle("x"));
        Assert.Equal([5], WeightValues.Read(merged.Find("n")!));
        Assert.Equal(["n"], report.Copied);
        double[] distances = [.. new[] { a, b }.Select(file => merged.ReadSingle("x").Zip(file.ReadSingle("x"), static (m, p) => (double)(m - p) * (m - p)).Sum())];
        Assert.Equal(distances.Select(Math.Sqrt), report.Parents.Zip([Math.Sqrt(5), Math.Sqrt(45)], static (parent, norm) => parent.Relative!.Value * norm), static (e, f) => Math.Abs(e - f) < 1e-12);
        Assert.Contains("sha256:" + WeightDigest.Compute(b.Entries), merged.Metadata["pondus.merged_from"], StringComparison.Ordinal);
    }

    [Fact]
    public void Merge_SlerpOfRightAngle_StaysOnTheCircle()
    {
        // Between (1, 0) and (0, 1), a third of the way: cos and sin of 30 degrees.
        WeightFile a = _samples.Write("a.safetensors", Of("x", [2], 1, 0)), b = _samples.Write("b.safetensors", Of("x", [2], 0, 1));
        WeightMerging.Merge([a, b], _samples.At("out.safetensors"), new MergingOptions { Method = MergeMethod.Slerp, Weights = [2, 1] });
        float[] merged = _samples.Open("out.safetensors").ReadSingle("x");
        Assert.Equal(Math.Cos(Math.PI / 6), merged[0], Tolerance);
        Assert.Equal(0.5, merged[1], Tolerance);
    }

    [Fact]
    public void Merge_SlerpOfParallelOnes_GoesStraight()
    {
        WeightFile a = _samples.Write("a.safetensors", Of("x", [2], 1, 1), Of("zero", [2], 0, 0)), b = _samples.Write("b.safetensors", Of("x", [2], 3, 3), Of("zero", [2], 2, 4));
        WeightMerging.Merge([a, b], _samples.At("out.safetensors"), new MergingOptions { Method = MergeMethod.Slerp });
        Assert.Equal([2f, 2f], _samples.Open("out.safetensors").ReadSingle("x"));
        Assert.Equal([1f, 2f], _samples.Open("out.safetensors").ReadSingle("zero"));
    }

    /// <summary>NumPy in float64, rounded once.</summary>
    [Fact]
    public void Merge_ManyValues_AgreesWithNumPy()
    {
        WeightFile[] files = [.. Enumerable.Range(0, 3).Select(i => _samples.Write($"{i}.safetensors", Random("x", [40, 50], (ulong)i + 1), Random("y", [70], (ulong)i + 1)))];
        WeightMerging.Merge(files, _samples.At("average.safetensors"), new MergingOptions());
        WeightMerging.Merge(files, _samples.At("weighted.safetensors"), new MergingOptions { Method = MergeMethod.Weighted, Weights = [0.2, 0.5, 0.7] });
        WeightMerging.Merge([files[0], files[1]], _samples.At("slerp.safetensors"), new MergingOptions { Method = MergeMethod.Slerp, Weights = [0.7, 0.3] });
        WeightMerging.Merge([files[1], files[2]], _samples.At("task.safetensors"), new MergingOptions { Method = MergeMethod.TaskArithmetic, Base = files[0], Scale = 0.4, Weights = [1, 0.5] });
        string output = Peers.RunPython(["-c", """
            import sys, numpy as np
            from safetensors.numpy import load_file
            folder = sys.argv[1]
            f = [{k: v.astype(np.float64) for k, v in load_file(f'{folder}/{i}.safetensors').items()} for i in range(3)]
            def slerp(a, b, t):
                angle = np.arccos((a * b).sum() / np.linalg.norm(a) / np.linalg.norm(b))
                return (np.sin((1 - t) * angle) * a + np.sin(t * angle) * b) / np.sin(angle)
            want = {
                'average': lambda k: (f[0][k] + f[1][k] + f[2][k]) / 3,
                'weighted': lambda k: np.average([x[k] for x in f], axis=0, weights=[0.2, 0.5, 0.7]),
                'slerp': lambda k: slerp(f[0][k], f[1][k], 0.3),
                'task': lambda k: f[0][k] + 0.4 * ((f[1][k] - f[0][k]) + 0.5 * (f[2][k] - f[0][k])),
            }
            for name, formula in want.items():
                got = load_file(f'{folder}/{name}.safetensors')
                for k in ('x', 'y'):
                    error = np.abs(got[k].astype(np.float64) - formula(k)).max()
                    # Half a unit in the last place of values up to 8.
                    assert error <= 2.4e-7, (name, k, error)
            print('agreed', len(want))
            """, Path.GetDirectoryName(_samples.At("x"))!]);
        Assert.Equal("agreed 4", output.Trim());
    }

    [Fact]
    public void Merge_OtherTensors_AreAllNamed()
    {
        WeightFile a = _samples.Write("a.safetensors", Random("x", [2]), Random("y", [2]), Random("z", [3])), b = _samples.Write("b.safetensors", Random("x", [2]), Random("w", [2]), Random("z", [4]));
        ArgumentException error = Assert.Throws<ArgumentException>(() => WeightMerging.Merge([a, b], _samples.At("out.safetensors"), new MergingOptions()));
        Assert.Contains($"{b.Path} has no y; {a.Path} has no w; z is (3) in one and (4) in {b.Path}", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(MergeMethod.Slerp, 3, "", "expected two files for slerp, got 3.")]
    [InlineData(MergeMethod.Average, 1, "", "expected at least 2 files, got 1.")]
    [InlineData(MergeMethod.Weighted, 2, "", "expected a weight for each of 2 files, got none.")]
    [InlineData(MergeMethod.Weighted, 2, "1", "expected one finite weight for each of 2 files, got 1.")]
    [InlineData(MergeMethod.Weighted, 2, "1 -1", "expected weights with a sum other than 0, got 1 -1.")]
    [InlineData(MergeMethod.Average, 2, "1 1", "expected no weights for the average, got some.")]
    [InlineData(MergeMethod.TaskArithmetic, 2, "", "expected a base for task arithmetic, got none.")]
    public void Merge_WrongOptions_AreRefused(MergeMethod method, int count, string weights, string message)
    {
        WeightFile a = _samples.Write("a.safetensors", Random("x", [2]));
        MergingOptions options = new() { Method = method, Weights = [.. weights.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(double.Parse)] };
        ArgumentException error = Assert.Throws<ArgumentException>(() => WeightMerging.Merge([.. Enumerable.Repeat(a, count)], _samples.At("out.safetensors"), options));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }
}
