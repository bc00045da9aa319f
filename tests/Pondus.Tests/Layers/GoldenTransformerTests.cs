using Pondus.Layers;
using Pondus.Tests.Support;
using Xunit;

namespace Pondus.Tests.Layers;

/// <summary>Attention and what transformers are made of give PyTorch's double-precision values and gradients.</summary>
public sealed class GoldenTransformerTests
{
    public static TheoryData<string> Cases => Golden.Names("transformers");

    [Theory]
    [MemberData(nameof(Cases))]
    public void Forward_GoldenCase_GivesValuesAndGradients(string name)
    {
        GoldenCase one = Golden.Case("transformers", name);
        (Module? module, Func<Tensor[], Tensor> compute) = Make(one);
        Dictionary<string, Parameter> parameters = module?.NamedParameters().ToDictionary(static pair => pair.Name, static pair => pair.Parameter, StringComparer.Ordinal) ?? [];
        Assert.Equal(one.Parameters.Select(static p => p.Name).Order(StringComparer.Ordinal), parameters.Keys.Order(StringComparer.Ordinal));
        foreach (GoldenArray values in one.Parameters)
        {
            parameters[values.Name].Set(values.Singles);
        }

        GoldenRun.Check(one, compute, parameters);
    }

    private static (Module? Module, Func<Tensor[], Tensor> Compute) Make(GoldenCase one)
    {
        RandomSource random = new(1);
        AttentionOptions options = new()
        {
            Causal = one.Has("causal") && one.Flag("causal"),
            KeyLengths = one.Has("lengths") ? one.Integers("lengths") : default,
            Mask = one.Has("mask") ? Tensor.Of(one.Numbers("mask"), new Shape(one.Integers("maskShape"))) : null,
            Scale = one.Has("scale") ? (float)one.Number("scale") : null,
        };
        switch (one.Op)
        {
            case "Embedding":
                Embedding embedding = new(one.Integer("count"), one.Integer("size"), random, one.Has("padding") ? one.Integer("padding") : null);
                GoldenArray indices = one.Labels.Single();
                return (embedding, _ => embedding.Forward(Tensor.Of(indices.Singles, new Shape(indices.Shape))));
            case "Attention":
                return (null, x => x[0].ScaledDotProductAttention(x[1], x[2], options));
            case "MultiheadAttention":
                AttentionSettings settings = new()
                {
                    Bias = !one.Has("bias") || one.Flag("bias"),
                    KeyWidth = one.Has("keyWidth") ? one.Integer("keyWidth") : null,
                    ValueWidth = one.Has("valueWidth") ? one.Integer("valueWidth") : null,
                };
                MultiheadAttention attention = new(one.Integer("width"), one.Integer("heads"), random, settings);
                return (attention, x => x.Length == 1 ? attention.Forward(x[0], options) : attention.Forward(x[0], x[1], x[2], options));
            case "TransformerEncoderLayer":
                TransformerSettings transformer = new()
                {
                    Inner = one.Integer("inner"),
                    NormFirst = one.Flag("normFirst"),
                    Activation = one.Text("activation") == "relu" ? TransformerActivation.Relu : TransformerActivation.Gelu,
                };
                TransformerEncoderLayer layer = new(one.Integer("width"), one.Integer("heads"), random, transformer);
                return (layer, x => layer.Forward(x[0]));
            case "Rotary":
                return (null, x => RotaryOperation.Apply(x[0], one.Integer("heads"), one.Integer("size"), 0, (float)one.Number("base"), one.Flag("halves")));
            default:
                throw new NotSupportedException($"Golden transformers: expected a known operation, got '{one.Op}'.");
        }
    }
}
