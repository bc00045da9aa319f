using Pondus.Onnx;
using Pondus.Onnx.Operators;
using Pondus.Tests.Support;
using Xunit;

namespace Pondus.Tests.Onnx;

/// <summary>Graphs that onnxruntime quantized give what it gives.</summary>
public sealed class QuantizedFixtureTests
{
    /// <summary>
    /// Tolerances are one step of the output's scale where the output is quantized (1/255, 1/256, 0.01378);
    /// the other graphs compute their last layers in single precision.
    /// </summary>
    [Theory]
    [InlineData("cnn_qdq_int8", "30", 0.00393)]
    [InlineData("cnn_qdq_uint8", "30", 0.00393)]
    [InlineData("cnn_qlinear", "30", 0.00391)]
    [InlineData("gpt_qdq", "165", 0.01378)]
    [InlineData("gpt_dynamic", "165", 1e-5)]
    [InlineData("gpt_int4", "165", 1e-5)]
    [InlineData("lstm_dynamic", "308", 1e-5)]
    [InlineData("lstm_dynamic", "305", 1e-5)]
    public void Run_QuantizedGraph_GivesTheOutputsOfOnnxruntime(string name, string output, double tolerance)
    {
        string path = TestData.PathOf($"fixtures/onnx/{name}.onnx"), io = Path.ChangeExtension(path, ".io.npz");
        OnnxNetwork network = OnnxNetwork.Load(path);
        Dictionary<string, OnnxValue> inputs = network.Inputs.ToDictionary(
            static input => input.Name,
            input =>
            {
                (int[] shape, float[] values) = NpzFile.Read(io, $"in_{input.Name}");
                return Elements.OfDoubles(input.TypeInfo!.Type, [.. values.Select(static value => (double)value)], shape);
            },
            StringComparer.Ordinal);
        OnnxValue actual = network.Run(inputs)[output];
        (int[] sizes, float[] expected) = NpzFile.Read(io, $"out_{output}");
        Assert.Equal(sizes, actual.Shape);
        double largest = expected.Zip(actual.Data<float>(), static (a, b) => Math.Abs((double)a - b)).Max();
        TestContext.Current.TestOutputHelper?.WriteLine($"{name} {output}: largest difference {largest:G3}");
        Assert.True(largest <= tolerance, $"expected at most {tolerance}, got {largest}");
    }
}
