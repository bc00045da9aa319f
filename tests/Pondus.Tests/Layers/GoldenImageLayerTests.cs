using Pondus.Layers;
using Pondus.Tests.Support;
using Xunit;

namespace Pondus.Tests.Layers;

/// <summary>Norms, poolings and what else image networks are made of give PyTorch's double-precision values and gradients.</summary>
public sealed class GoldenImageLayerTests
{
    public static TheoryData<string> Cases => Golden.Names("images");

    [Theory]
    [MemberData(nameof(Cases))]
    public void Forward_GoldenCase_GivesValuesAndGradients(string name)
    {
        GoldenCase one = Golden.Case("images", name);
        Layer layer = GoldenImageLayers.Make(one);
        Check(one, layer, x => layer.Forward(x));
        foreach ((string buffer, Parameter values) in layer.NamedBuffers().Where(static pair => pair.Name != "num_batches_tracked"))
        {
            Golden.AssertClose($"{name}: {buffer}", one[buffer + "_after"].Values, values.Values, GoldenRun.Tolerance);
        }
    }

    /// <summary>A second use of the same input adds to the first: twice the gradient.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void Forward_UsedTwice_AddsItsGradients(string name)
    {
        GoldenCase one = Golden.Case("images", name);
        Layer layer = GoldenImageLayers.Make(one);
        Check(one, layer, x => (layer.Forward(x) * 0.25f) + (layer.Forward(x) * 0.75f));
    }

    private static void Check(GoldenCase one, Layer layer, Func<Tensor, Tensor> compute)
    {
        Dictionary<string, Parameter> parameters = layer.NamedParameters().ToDictionary(static pair => pair.Name, static pair => pair.Parameter, StringComparer.Ordinal);
        Assert.Equal(one.Parameters.Select(static p => p.Name), parameters.Keys);
        foreach (GoldenArray values in one.Parameters)
        {
            parameters[values.Name].Set(values.Singles);
        }

        foreach ((string name, Parameter buffer) in layer.NamedBuffers().Where(static pair => pair.Name != "num_batches_tracked"))
        {
            buffer.Set(one[name].Singles);
        }

        GoldenRun.Check(one, x => compute(x[0]), parameters, new PassContext(IsTraining: !one.Has("training") || one.Flag("training")));
    }
}
