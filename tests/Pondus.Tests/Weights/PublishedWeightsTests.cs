using Pondus.Formats;
using Pondus.Tests.Support;
using Pondus.Weights;
using Xunit;

namespace Pondus.Tests.WeightFiles;

/// <summary>What a comparison says of files that others published, and that are known to be the same network or not.</summary>
public sealed class PublishedWeightsTests
{
    [Theory]
    [InlineData("silero_vad_op18_ifless.onnx")]
    [InlineData("silero_vad_16k_sequence.onnx")]
    [InlineData("silero_vad.jit")]
    public void Compare_Silero_AreDifferentGenerationsWithOneFourierKernel(string other)
    {
        WeightDifference difference = Compare("weights/silero-vad/silero_vad_16k.safetensors", $"weights/silero-vad/{other}");
        Assert.StartsWith("different generations: same shapes, ", difference.Verdict, StringComparison.Ordinal);
        TensorDifference same = Assert.Single(difference.Tensors, static tensor => tensor.HasEqualValues);
        Assert.Equal("stft_conv.weight", same.Match.First.Name);
        // Up to 18 in the fourth convolution.
        Assert.Equal(18.18, difference.Tensors.Single(static tensor => tensor.Match.First.Name == "conv4.weight").Max!.Value, 0.005);
    }

    [Theory]
    [InlineData("version-RFB-320", 244)]
    [InlineData("version-slim-320", 184)]
    public void Compare_UltraFace_IsOneNetworkInBothFormats(string name, int count)
    {
        WeightDifference difference = Compare($"weights/ultraface/{name}.pth", $"weights/ultraface/{name}.onnx");
        Assert.StartsWith("the same weights", difference.Verdict, StringComparison.Ordinal);
        Assert.Equal(count, difference.Tensors.Count);
        Assert.All(difference.Tensors, static tensor => Assert.True(tensor.HasEqualValues));
        Assert.Empty(difference.Matching.Missing);
    }

    [Fact]
    public void Compare_Stories_KeepsOnlyTheRotaryOrderApart()
    {
        // Llama's two orders of the rotary embedding: queries and keys of five layers have their rows in another order.
        WeightDifference difference = Compare("weights/stories260k/stories260k-f32.gguf", "weights/stories260k/model.safetensors");
        Assert.Equal("the same weights under other names, with the values of 10 of 47 tensors in another order", difference.Verdict);
        Assert.All(difference.Tensors, static tensor => Assert.Equal(MatchKind.Content, tensor.Match.Kind));
        Assert.All(difference.Changed, static tensor => Assert.Matches("attn_[qk].weight$", tensor.Match.First.Name));
        Assert.All(difference.Changed, static tensor => Assert.Equal("rows permuted", tensor.Rearrangement));
    }

    [Fact]
    public void Compare_StoriesQuantized_GivesTheNoise()
    {
        // Steps of max / 127 leave errors of max / (127 sqrt(12)); the largest of 32 normal values is 2 to 3 deviations: 440 / 2.5, 45 dB.
        WeightDifference difference = Compare("weights/stories260k/stories260k-f32.gguf", "weights/stories260k/stories260k-q8_0.gguf");
        Assert.StartsWith("the same weights, rounded: ", difference.Verdict, StringComparison.Ordinal);
        TensorDifference[] blocks = [.. difference.Changed.Where(static tensor => tensor.DataTypes[1] == "q8_0")];
        Assert.NotEmpty(blocks);
        Assert.All(blocks, static tensor => Assert.InRange(tensor.SignalToNoise!.Value, 43, 48));
    }

    [Theory]
    [InlineData("fixtures/keras/cnn.h5", "fixtures/keras/cnn.keras")]
    [InlineData("fixtures/keras/cnn.keras", "fixtures/keras/cnn.weights.h5")]
    [InlineData("fixtures/keras/rnn.h5", "fixtures/keras/rnn.keras")]
    [InlineData("fixtures/torch/compiled_state_dict.pt", "fixtures/torch/dataparallel_state_dict.pt")]
    public void Compare_OneNetworkSavedTwice_IsTheSame(string first, string second)
    {
        WeightDifference difference = Compare(first, second);
        Assert.StartsWith("the same weights", difference.Verdict, StringComparison.Ordinal);
        Assert.All(difference.Tensors, static tensor => Assert.True(tensor.HasEqualValues));
    }

    private static WeightDifference Compare(string first, string second)
    {
        using WeightFile a = Open(first), b = Open(second);
        return WeightDifference.Compare(a, b);
    }

    private static WeightFile Open(string relative) => WeightFile.Open(TestData.PathOf(relative));
}
