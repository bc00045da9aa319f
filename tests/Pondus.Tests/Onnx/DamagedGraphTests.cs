using Pondus.Formats;
using Pondus.Onnx;
using Pondus.Tests.Data;
using Pondus.Tests.Support;
using Xunit;

namespace Pondus.Tests.Onnx;

/// <summary>A damaged graph becomes a network or is refused in words.</summary>
public sealed class DamagedGraphTests
{
    [Fact]
    public void Load_GraphDamagedAtRandom_LoadsOrRefuses()
    {
        const int count = 2000;
        List<byte[]> samples = [.. new[] { "cnn_unfolded", "gru_torchscript", "text_constants", "unet_opset22" }.Select(static name => File.ReadAllBytes(TestData.PathOf($"fixtures/onnx/{name}.onnx")))];
        using TestFolder folder = new();
        int loaded = 0;
        for (int i = 0; i < count; i++)
        {
            string path = folder.Write("g.onnx", FileMutation.Apply(samples[i % samples.Count], samples, new RandomSource(7).Stream(i)));
            try
            {
                OnnxNetwork.Load(path);
                loaded++;
            }
            catch (Exception error) when (error is OnnxException or WeightFormatException or IOException or NotSupportedException)
            {
                Assert.NotEmpty(error.Message);
            }
        }

        Assert.InRange(loaded, 1, count - 1);
    }
}
