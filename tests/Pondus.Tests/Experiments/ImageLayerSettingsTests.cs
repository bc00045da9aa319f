using Pondus.Experiments;
using Pondus.Layers;
using Xunit;

namespace Pondus.Tests.Experiments;

/// <summary>Every layer of image networks can be named in an experiment file.</summary>
public sealed class ImageLayerSettingsTests
{
    [Theory]
    [InlineData("""["BatchNorm2d", {"type":"BatchNorm2d","momentum":null,"affine":false,"epsilon":0.01}]""", "BatchNorm2d(8), BatchNorm2d(8, no weight)")]
    [InlineData("""["GroupNorm", {"type":"GroupNorm","groups":2}, "InstanceNorm2d", {"type":"InstanceNorm2d","affine":true}]""", "GroupNorm(8, 8), GroupNorm(2, 8), InstanceNorm2d(8, no weight), InstanceNorm2d(8)")]
    [InlineData("""["LayerNorm", {"type":"LayerNorm","axes":3,"bias":false}, {"type":"RmsNorm","axes":2,"weight":false}]""", "LayerNorm(4), LayerNorm(8, 4, 4, no bias), RmsNorm(4, 4, no weight)")]
    [InlineData("""["MaxPool2d", {"type":"AvgPool2d","kernel":[1,2],"stride":1,"countPadding":false}]""", "MaxPool2d(2), AvgPool2d(1x2, stride 1)")]
    [InlineData("""[{"type":"MaxPool2d","kernel":3,"stride":2,"padding":1,"dilation":1,"ceilMode":true}, {"type":"AdaptiveAvgPool2d","output":[2,1]}, {"type":"AdaptiveMaxPool2d"}]""", "MaxPool2d(3, stride 2, padding 1, ceil), AdaptiveAvgPool2d(2x1), AdaptiveMaxPool2d(1)")]
    [InlineData("""[{"type":"Conv2d","out":6}, {"type":"Conv2d","out":4,"kernel":[1,2],"stride":1,"padding":"same","dilation":2,"groups":2,"bias":false,"weight":"HeNormal"}]""", "Conv2d(8 -> 6, kernel 3), Conv2d(6 -> 4, kernel 1x2, padding same, dilation 2, groups 2, no bias)")]
    [InlineData("""[{"type":"Conv2d","out":8,"padding":[1,0],"kernel":[3,1]}, {"type":"ConvTranspose2d","out":4,"kernel":2,"stride":2,"padding":1,"outputPadding":[1,0]}]""", "Conv2d(8 -> 8, kernel 3x1, padding 1x0), ConvTranspose2d(8 -> 4, kernel 2, stride 2, padding 1, output padding 1x0)")]
    [InlineData("""["GlobalAvgPool2d", "BatchNorm1d"]""", "GlobalAvgPool2d(), BatchNorm1d(8)")]
    [InlineData("""["GlobalMaxPool2d", "PRelu", {"type":"PRelu","perChannel":true}, "Glu"]""", "GlobalMaxPool2d(), PRelu(1), PRelu(8), Glu(-1)")]
    [InlineData("""["Upsample", {"type":"Upsample","size":[3,5],"mode":"bilinear","alignCorners":true}, {"type":"Upsample","factor":1.5,"mode":"bicubic"}]""", "Upsample(2, nearest), Upsample(to 3x5, bilinear, aligned corners), Upsample(1.5, bicubic)")]
    [InlineData("""["PixelShuffle", {"type":"PixelUnshuffle","factor":4}]""", "PixelShuffle(2), PixelUnshuffle(4)")]
    [InlineData("""["ZeroPad2d", {"type":"ConstantPad2d","left":2,"value":1.5}, {"type":"ReflectionPad2d","top":0,"bottom":0,"left":0,"right":2}, "ReplicationPad2d"]""", "ZeroPad2d(1), ConstantPad2d(2, 1, 1, 1, value 1.5), ReflectionPad2d(0, 2, 0, 0), ReplicationPad2d(1)")]
    [InlineData("""["Dropout2d", {"type":"StochasticDepth","rate":0.2}, "Relu6", "Hardswish", "Hardsigmoid", "Mish", "LogSigmoid", "Softsign", "GeluTanh"]""", "Dropout2d(0.5), StochasticDepth(0.2), Relu6(), Hardswish(), Hardsigmoid(), Mish(), LogSigmoid(), Softsign(), Gelu(tanh)")]
    [InlineData("""[{"type":"Residual","body":["BatchNorm2d","Relu"]}, {"type":"Residual","body":["MaxPool2d"],"shortcut":["AvgPool2d"]}]""", "Residual(Sequential(BatchNorm2d(8), Relu())), Residual(Sequential(MaxPool2d(2)), Sequential(AvgPool2d(2)))")]
    [InlineData("""[{"type":"Concat","branches":["MaxPool2d",{"type":"Sequential","layers":["AvgPool2d","Tanh"]}]}]""", "Concat(1, MaxPool2d(2), Sequential(AvgPool2d(2), Tanh()))")]
    public void Build_LayersOfAFile_AreTheLayersNamed(string model, string printed)
    {
        Experiment experiment = ExperimentFile.Parse($$"""{ "data": "letters", "loss": "CrossEntropy", "model": {{model[..^1]}}, "Flatten", {"type": "Linear", "out": 3}] }""");
        Sequential network = Assert.IsType<Sequential>(NetworkBuilder.Build(experiment, [8, 4, 4], 3));
        Assert.StartsWith($"Sequential({printed}, Flatten(), Linear(", network.ToString(), StringComparison.Ordinal);
        Assert.Equal([2, 3], network.Forward(Tensor.Normal([2, 8, 4, 4], 0f, 1f, new RandomSource(1))).Shape.ToArray());
    }

    [Theory]
    [InlineData("""[{"type":"BatchNorm1d"}, {"type":"InstanceNorm1d"}, {"type":"MaxPool1d","padding":1}, {"type":"AvgPool1d","kernel":1}, {"type":"AdaptiveAvgPool1d","output":2}]""", "BatchNorm1d(8), InstanceNorm1d(8, no weight), MaxPool1d(2, padding 1), AvgPool1d(1), AdaptiveAvgPool1d(2)")]
    [InlineData("""[{"type":"Conv1d","out":4,"padding":"same"}, {"type":"ConvTranspose1d","out":2,"stride":2,"outputPadding":1}]""", "Conv1d(8 -> 4, kernel 3, padding same), ConvTranspose1d(4 -> 2, kernel 3, stride 2, output padding 1)")]
    [InlineData("""["ConstantPad1d", {"type":"ReflectionPad1d","left":0}, {"type":"ReplicationPad1d","right":3}]""", "ConstantPad1d(1, value 0), ReflectionPad1d(0, 1), ReplicationPad1d(1, 3)")]
    public void Build_LayersOfSignals_AreTheLayersNamed(string model, string printed)
    {
        Experiment experiment = ExperimentFile.Parse($$"""{ "data": "letters", "loss": "CrossEntropy", "model": {{model[..^1]}}, "Flatten", {"type": "Linear", "out": 3}] }""");
        Assert.StartsWith($"Sequential({printed}, Flatten(), Linear(", NetworkBuilder.Build(experiment, [8, 6], 3).ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"type":"Conv2d"}""", "model[0].out: expected an integer of at least 1, got nothing.")]
    [InlineData("""{"type":"Conv2d","out":4,"padding":"valid"}""", "model[0].padding: expected an integer of at least 0, or [height, width], or \"same\", got \"valid\".")]
    [InlineData("""{"type":"Conv2d","out":4,"padding":"same","stride":2}""", "model[0].stride: expected 1 with padding same, got 2.")]
    [InlineData("""{"type":"ConvTranspose2d","out":4,"outputPadding":1}""", "model[0].outputPadding: expected less than the stride or the dilation, got 1.")]
    [InlineData("""{"type":"MaxPool2d","kernel":[1,2,3]}""", "model[0].kernel: expected an integer of at least 1, or [height, width], got a list.")]
    [InlineData("""{"type":"MaxPool2d","kernel":[1,0]}""", "model[0].kernel[1]: expected an integer of at least 1, got 0.")]
    [InlineData("""{"type":"MaxPool1d","kernel":[1,2]}""", "model[0].kernel: expected an integer of at least 1, got a list.")]
    [InlineData("""{"type":"Residual"}""", "model[0].body: expected a list that is not empty, got nothing.")]
    public void Parse_WrongSetting_IsNamed(string layer, string message) =>
        Assert.Equal(message, Assert.Throws<ExperimentException>(() => ExperimentFile.Parse($$"""{ "data": "letters", "loss": "CrossEntropy", "model": [{{layer}}] }""")).Message);

    [Theory]
    [InlineData("""{"type":"Conv2d","out":4,"groups":3}""", "model[0].groups: expected a number that divides 8 and 4 channels, got 3.")]
    [InlineData("""{"type":"Conv1d","out":4}""", "model[0]: expected samples of (channels, length), got samples of (8, 6, 6).")]
    public void Build_ConvolutionThatDoesNotFit_IsNamed(string layer, string message)
    {
        Experiment experiment = ExperimentFile.Parse($$"""{ "data": "letters", "loss": "CrossEntropy", "model": [{{layer}}] }""");
        Assert.Equal(message, Assert.Throws<ExperimentException>(() => NetworkBuilder.Build(experiment, [8, 6, 6], 3)).Message);
    }
}
