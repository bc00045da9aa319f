using Pondus.Layers;
using Pondus.Tests.Support;
using Xunit;

namespace Pondus.Tests.Layers;

/// <summary>Convolutions give PyTorch's double-precision values and gradients, alone and with what they compute along.</summary>
public sealed class GoldenConvolutionTests
{
    public static TheoryData<string> Cases => Golden.Names("convolutions");

    [Theory]
    [MemberData(nameof(Cases))]
    public void Forward_GoldenCase_GivesValuesAndGradients(string name)
    {
        GoldenCase one = Golden.Case("convolutions", name);
        Layer layer = Make(one);
        Dictionary<string, Parameter> parameters = layer.NamedParameters().ToDictionary(static pair => pair.Name, static pair => pair.Parameter, StringComparer.Ordinal);
        Assert.Equal(one.Parameters.Select(static p => p.Name), parameters.Keys);
        foreach (GoldenArray values in one.Parameters)
        {
            Assert.Equal(values.Shape, parameters[values.Name].Shape.ToArray());
            parameters[values.Name].Set(values.Singles);
        }

        GoldenRun.Check(one, x => layer.Forward(x[0]), parameters);
    }

    /// <summary>Inference packs the weights once and gives the same bits, also when the weights have changed since.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void Forward_InInference_GivesTheBitsOfTraining(string name)
    {
        GoldenCase one = Golden.Case("convolutions", name);
        Layer layer = Make(one);
        Tensor x = Tensor.Of(one.Inputs[0].Singles, new Shape(one.Inputs[0].Shape));
        for (int round = 0; round < 2; round++)
        {
            float[] inference = Inference.Run((layer, x), static state => state.layer.Forward(state.x).ToArray());
            Step.Begin();
            Assert.Equal(layer.Forward(x).ToArray(), inference);
            Step.End();
            Parameter weight = layer.Parameters.First();
            weight.Set(weight.ToArray().Select(static v => v + 1f).ToArray());
        }
    }

    private static Layer Make(GoldenCase one)
    {
        int inputs = one.Integer("in"), outputs = one.Integer("out"), groups = one.Integer("groups");
        RandomSource random = new(1);
        if (one.Op == "Block")
        {
            List<Layer> layers = [new Conv2d(inputs, outputs, 3, random, padding: 1, groups: groups)];
            layers.AddRange(one.Text("behind").Split(' ').Select(static Layer (step) => step == "relu" ? new Relu() : new MaxPool2d(2)));
            return new Sequential([.. layers]);
        }

        Size2d kernel = Pair("kernel"), stride = Pair("stride"), dilation = Pair("dilation"), padding = Pair("padding");
        bool bias = one.Flag("bias");
        return one.Op switch
        {
            "Conv2d" => new Conv2d(inputs, outputs, kernel, random, stride, padding, dilation, groups, bias),
            "Conv1d" => new Conv1d(inputs, outputs, kernel.Width, random, stride.Width, padding.Width < 0 ? Padding.Same : padding.Width, dilation.Width, groups, bias),
            "ConvTranspose2d" => new ConvTranspose2d(inputs, outputs, kernel, random, stride, padding, Pair("outputPadding"), dilation, groups, bias),
            "ConvTranspose1d" => new ConvTranspose1d(inputs, outputs, kernel.Width, random, stride.Width, padding.Width, Pair("outputPadding").Width, dilation.Width, groups, bias),
            _ => throw new NotSupportedException($"Golden convolutions: expected a layer for '{one.Op}', got none."),
        };

        Size2d Pair(string option) => (one.Integers(option)[0], one.Integers(option)[1]);
    }
}
