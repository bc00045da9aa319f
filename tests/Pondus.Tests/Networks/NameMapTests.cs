using Pondus.Networks;
using Xunit;

namespace Pondus.Tests.Networks;

public sealed class NameMapTests
{
    [Theory]
    [InlineData("resnet.embedder.embedder.convolution.weight", "conv1.weight")]
    [InlineData("resnet.embedder.embedder.normalization.running_var", "bn1.running_var")]
    [InlineData("resnet.encoder.stages.0.layers.12.layer.0.convolution.weight", "layer1.12.conv1.weight")]
    [InlineData("resnet.encoder.stages.3.layers.0.layer.2.normalization.bias", "layer4.0.bn3.bias")]
    [InlineData("resnet.encoder.stages.1.layers.0.shortcut.convolution.weight", "layer2.0.downsample.0.weight")]
    [InlineData("resnet.encoder.stages.1.layers.0.shortcut.normalization.weight", "layer2.0.downsample.1.weight")]
    [InlineData("classifier.1.weight", "fc.weight")]
    [InlineData("mobilenet_v2.conv_stem.first_conv.convolution.weight", "features.0.0.weight")]
    [InlineData("mobilenet_v2.conv_stem.first_conv.normalization.bias", "features.0.1.bias")]
    [InlineData("mobilenet_v2.conv_stem.conv_3x3.convolution.weight", "features.1.conv.0.0.weight")]
    [InlineData("mobilenet_v2.conv_stem.conv_3x3.normalization.weight", "features.1.conv.0.1.weight")]
    [InlineData("mobilenet_v2.conv_stem.reduce_1x1.convolution.weight", "features.1.conv.1.weight")]
    [InlineData("mobilenet_v2.conv_stem.reduce_1x1.normalization.weight", "features.1.conv.2.weight")]
    [InlineData("mobilenet_v2.layer.0.expand_1x1.convolution.weight", "features.2.conv.0.0.weight")]
    [InlineData("mobilenet_v2.layer.15.conv_3x3.normalization.running_mean", "features.17.conv.1.1.running_mean")]
    [InlineData("mobilenet_v2.layer.15.reduce_1x1.convolution.weight", "features.17.conv.2.weight")]
    [InlineData("mobilenet_v2.layer.15.reduce_1x1.normalization.bias", "features.17.conv.3.bias")]
    [InlineData("mobilenet_v2.conv_1x1.normalization.bias", "features.18.1.bias")]
    [InlineData("classifier.bias", "classifier.1.bias")]
    [InlineData("module.layer1.0.conv1.weight", "layer1.0.conv1.weight")]
    [InlineData("layer1.0.conv1.weight", "layer1.0.conv1.weight")]
    [InlineData("0.weight", "0.weight")]
    public void ToTorchvision_NamesOfOthers_BecomeTorchvisions(string name, string expected) => Assert.Equal(expected, NameMap.ToTorchvision(name));
}
