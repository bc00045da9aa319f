using Pondus.Formats;
using Pondus.Formats.Onnx;
using Pondus.Onnx;
using Pondus.Tests.Support;
using Xunit;

namespace Pondus.Tests.Onnx;

/// <summary>Graphs that PyTorch's exporters write give what onnxruntime gives.</summary>
public sealed class OnnxFixtureTests
{
    private const float Tolerance = 1e-5f;

    // Two steps of float16 near 1: rounding after each of a dozen operators.
    private const float HalfTolerance = 1e-3f;

    public static TheoryData<string> Graphs => [.. Names()];

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Graphs))]
    public void Run_ExportedGraph_GivesTheOutputsOfOnnxruntime(string name)
    {
        string path = TestData.PathOf($"fixtures/onnx/{name}.onnx");
        OnnxNetwork network = OnnxNetwork.Load(path);
        using WeightFile io = WeightFile.Open(Path.ChangeExtension(path, ".io.npz"));
        Dictionary<string, OnnxValue> inputs = io.Entries.Where(static entry => entry.Name.StartsWith("in_", StringComparison.Ordinal))
            .ToDictionary(static entry => entry.Name[3..], OnnxValue.Of, StringComparer.Ordinal);

        // Twice, so that what is kept from the first run is used.
        for (int run = 0; run < 2; run++)
        {
            IReadOnlyDictionary<string, OnnxValue> outputs = network.Run(inputs);
            foreach (WeightEntry expected in io.Entries.Where(static entry => entry.Name.StartsWith("out_", StringComparison.Ordinal)))
            {
                AssertSame(expected, outputs[expected.Name[4..]]);
            }
        }
    }

    private static void AssertSame(WeightEntry expected, OnnxValue actual)
    {
        Assert.Equal(expected.DataType, OnnxTypes.Name(actual.Type));
        Assert.Equal(expected.Shape.ToArray(), actual.Shape.Select(static size => (long)size));
        if (!actual.IsFloating)
        {
            Assert.Equal(expected.ReadBytes(), actual.ToEntry(expected.Name).ReadBytes());
            return;
        }

        float[] wanted = expected.ReadSingle(), got = actual.ToEntry(expected.Name).ReadSingle();
        float tolerance = actual.Type == OnnxType.Float16 ? HalfTolerance : Tolerance;
        for (int i = 0; i < wanted.Length; i++)
        {
            Assert.True(Math.Abs(wanted[i] - got[i]) <= tolerance * Math.Max(1, Math.Abs(wanted[i])), $"{expected.Name}[{i}]: expected {wanted[i]}, got {got[i]}");
        }
    }

    // Quantized graphs have tests of their own.
    private static IEnumerable<string> Names()
    {
        string? root = TestData.Root is { } data ? Path.Combine(data, "fixtures", "onnx") : null;
        return root is null || !Directory.Exists(root)
            ? []
            : Directory.EnumerateFiles(root, "*.io.npz", SearchOption.AllDirectories)
                .Select(path => Path.GetRelativePath(root, path)[..^".io.npz".Length].Replace('\\', '/'))
                .Where(static name => !name.StartsWith("cnn_q", StringComparison.Ordinal) && name is not ("gpt_dynamic" or "lstm_dynamic" or "gpt_int4" or "gpt_qdq"))
                .Order(StringComparer.Ordinal);
    }
}
