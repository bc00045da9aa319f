using System.Text.Json;
using Pondus.Layers;
using Pondus.Tests.Support;
using Xunit;

namespace Pondus.Tests.Layers;

/// <summary>Layers and small networks give PyTorch's double-precision values and gradients.</summary>
public sealed class GoldenLayerTests
{
    public static TheoryData<string> Cases => Golden.Names("layers");

    [Theory]
    [MemberData(nameof(Cases))]
    public void Forward_GoldenCase_GivesValuesAndGradients(string name)
    {
        GoldenCase one = Golden.Case("layers", name);
        if (one.Op == "Flatten")
        {
            int start = one.Integer("startAxis");
            GoldenRun.Check(one, x => start == 1 ? new Flatten().Forward(x[0]) : x[0].Flatten(start));
            return;
        }

        Layer layer = Make(one);
        Dictionary<string, Parameter> parameters = layer.NamedParameters().ToDictionary(static pair => pair.Name, static pair => pair.Parameter, StringComparer.Ordinal);
        Assert.Equal(one.Parameters.Select(static p => p.Name), parameters.Keys);
        foreach (GoldenArray values in one.Parameters)
        {
            parameters[values.Name].Set(values.Singles);
        }

        // The mode is that of the pass: Dropout's cases are those of evaluation.
        GoldenRun.Check(one, x => layer.Forward(x[0]), parameters, new PassContext(IsTraining: !one.Has("training") || one.Flag("training")));
    }

    private static Layer Make(GoldenCase one) => one.Op switch
    {
        "Linear" => new Linear(one.Integer("in"), one.Integer("out"), new RandomSource(1), one.Flag("bias")),
        "Dropout" => new Dropout((float)one.Number("rate"), new RandomSource(1)),
        "Sequential" => new Sequential([.. one.Option("layers").EnumerateArray().Select(Part)]),
        _ => throw new NotSupportedException($"Golden layers: expected a layer for '{one.Op}', got none."),
    };

    private static Layer Part(JsonElement layer) => layer[0].GetString() switch
    {
        "Linear" => new Linear(layer[1].GetInt32(), layer[2].GetInt32(), new RandomSource(1)),
        "Flatten" => new Flatten(),
        "Relu" => new Relu(),
        "Tanh" => new Tanh(),
        "Sigmoid" => new Sigmoid(),
        "Gelu" => new Gelu(),
        "Silu" => new Silu(),
        "Softplus" => new Softplus(),
        "Elu" => new Elu(),
        "Selu" => new Selu(),
        "LeakyRelu" => new LeakyRelu(),
        "LogSoftmax" => new LogSoftmax(),
        string other => throw new NotSupportedException($"Golden layers: expected a layer for '{other}', got none."),
        null => throw new InvalidDataException("Golden layers: expected a layer's name, got null."),
    };

    private sealed class LogSoftmax : Layer
    {
        public override Tensor Forward(Tensor x) => x.LogSoftmax();
    }
}
