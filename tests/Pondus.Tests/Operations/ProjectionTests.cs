using Pondus.Kernels;
using Xunit;

namespace Pondus.Tests.Operations;

/// <summary>A linear map with what stands behind it gives what the operations alone give, for few rows and for many.</summary>
public sealed class ProjectionTests
{
    public static TheoryData<int, int, int, bool, bool, int> Cases => new()
    {
        { 5, 7, 3, false, true, -1 },
        { 40, 17, 33, true, true, (int)UnaryKind.Gelu },
        { 1100, 128, 96, true, false, (int)UnaryKind.GeluTanh },
        { 1100, 70, 130, false, true, (int)UnaryKind.GeluTanh },
        { 1037, 96, 128, true, true, -1 },
        { 1024, 200, 64, false, false, (int)UnaryKind.Relu },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Apply_WithAndWithoutAnAddend_GivesValuesAndGradientsOfTheParts(int rows, int inputs, int outputs, bool inputsFirst, bool useBias, int function)
    {
        RandomSource random = new(1);
        Probe probe = new(inputs, outputs, inputsFirst, useBias, random);
        UnaryKind? kind = function < 0 ? null : (UnaryKind)function;
        Tensor x = Tensor.Normal([rows, inputs], 0f, 1f, random), e = Tensor.Normal([rows, outputs], 0f, 1f, random), upstream = Tensor.Normal([rows, outputs], 0f, 1f, random);
        foreach (bool adds in (bool[])[true, false])
        {
            float[][] expected = Gradients(probe, [x, e], upstream, t => probe.Parts(t[0], kind) + (adds ? t[1] : t[1] * 0f));
            float[][] actual = Gradients(probe, [x, e], upstream, t => adds ? ProjectionOperation.Apply(t[0], probe.Weights, kind, t[1]) : ProjectionOperation.Apply(t[0], probe.Weights, kind) + (t[1] * 0f));
            for (int i = 0; i < expected.Length; i++)
            {
                float largest = Math.Max(1e-3f, expected[i].Max(Math.Abs));
                Assert.True(expected[i].Zip(actual[i]).Max(p => Math.Abs(p.First - p.Second)) <= 1e-5f * largest, $"tensor {i}, addend {adds}");
            }
        }
    }

    private static float[][] Gradients(Probe probe, Tensor[] inputs, Tensor upstream, Func<Tensor[], Tensor> compute)
    {
        Step.Begin(new PassContext(IsTraining: true));
        foreach (Parameter parameter in probe.Parameters)
        {
            parameter.ZeroGradient();
        }

        Tensor[] leaves = [.. inputs.Select(static x => x.WithGradient())];
        Tensor y = compute(leaves);
        (y * upstream).Sum().Backward();
        float[][] all = [y.ToArray(), .. leaves.Select(static x => x.Gradient.ToArray()), .. probe.Parameters.Select(static p => p.Gradient.ToArray())];
        Step.End();
        return all;
    }

    private sealed class Probe : Module
    {
        public Probe(int inputs, int outputs, bool inputsFirst, bool useBias, RandomSource random)
        {
            Initializer start = new Pondus.Initializers.Normal(0f, 0.3f);
            Parameter weight = AddParameter("weight", inputsFirst ? [inputs, outputs] : [outputs, inputs], start, random);
            Weights = new LinearWeights(weight, useBias ? AddParameter("bias", [outputs], start, random) : null, inputsFirst);
        }

        public LinearWeights Weights { get; }

        public Tensor Parts(Tensor x, UnaryKind? kind)
        {
            Tensor y = x.MatMul(Weights.Weight.ToTensor(), transposeRight: !Weights.InputsFirst);
            y = Weights.Bias is { } bias ? y + bias.ToTensor() : y;
            return kind is { } function ? UnaryOperation.Apply(function, y) : y;
        }
    }
}
