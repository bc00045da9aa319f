using Pondus.Layers;
using Pondus.Tests.Support;
using Xunit;

namespace Pondus.Tests.Layers;

/// <summary>Recurrent layers give PyTorch's outputs, final states and gradients under every option.</summary>
public sealed class GoldenRecurrentTests
{
    public static TheoryData<string> Cases => Golden.Names("recurrent");

    [Theory]
    [MemberData(nameof(Cases))]
    public void Forward_GoldenCase_GivesOutputsStatesAndGradients(string name)
    {
        GoldenCase one = Golden.Case("recurrent", name);
        Recurrent layer = Make(one);
        Dictionary<string, Parameter> parameters = layer.NamedParameters().ToDictionary(static pair => pair.Name, static pair => pair.Parameter, StringComparer.Ordinal);
        Assert.Equal(one.Parameters.Select(static p => p.Name), parameters.Keys);
        foreach (GoldenArray values in one.Parameters)
        {
            Assert.Equal(values.Shape, parameters[values.Name].Shape.ToArray());
            parameters[values.Name].Set(values.Singles);
        }

        int[] lengths = one.Has("lengths") ? one.Integers("lengths") : [];
        GoldenRun.Check(one, inputs => Tensor.Concatenate(0, [.. Run(layer, inputs, lengths).Select(static part => part.Reshape([part.Count]))]), parameters);
    }

    /// <summary>Without a step the same numbers come out as within one.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void Forward_OutsideAStep_GivesTheSameBits(string name)
    {
        GoldenCase one = Golden.Case("recurrent", name);
        Recurrent layer = Make(one);
        int[] lengths = one.Has("lengths") ? one.Integers("lengths") : [];
        Tensor[] inputs = [.. one.Inputs.Select(static array => Tensor.Of(array.Singles, new Shape(array.Shape)))];
        float[] Values() => [.. Run(layer, inputs, lengths).SelectMany(static part => part.ToArray())];
        float[] outside = Values();
        Step.Begin();
        float[] recorded = Values();
        Step.End();
        Assert.Equal(outside, recorded);
        Assert.Equal(outside, Inference.Run(0, _ => Values()));
    }

    private static Tensor[] Run(Recurrent layer, Tensor[] inputs, int[] lengths)
    {
        if (layer is Lstm lstm)
        {
            Tensor outputs = lstm.Forward(inputs[0], inputs.Length > 1 ? new LstmState(inputs[1], inputs[2]) : null, out LstmState final, lengths);
            return [outputs, final.Hidden, final.Cell];
        }

        Tensor? initial = inputs.Length > 1 ? inputs[1] : null;
        Tensor last;
        Tensor y = layer is Gru gru ? gru.Forward(inputs[0], initial, out last, lengths) : ((Rnn)layer).Forward(inputs[0], initial, out last, lengths);
        return [y, last];
    }

    private static Recurrent Make(GoldenCase one)
    {
        int inputs = one.Integer("in"), hidden = one.Integer("hidden"), layers = one.Integer("layers");
        bool bias = one.Flag("bias"), first = one.Flag("batchFirst"), both = one.Flag("bidirectional");
        RandomSource random = new(1);
        return one.Op switch
        {
            "Lstm" => new Lstm(inputs, hidden, random, layers, bias, first, bidirectional: both),
            "Gru" => new Gru(inputs, hidden, random, layers, bias, first, bidirectional: both),
            "Rnn" => new Rnn(inputs, hidden, random, layers, bias, first, bidirectional: both, relu: one.Flag("relu")),
            _ => throw new NotSupportedException($"Golden recurrent: expected a layer for '{one.Op}', got none."),
        };
    }
}
