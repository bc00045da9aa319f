using Pondus.Kernels;
using Pondus.Tests.Support;
using Xunit;

namespace Pondus.Tests.Operations;

/// <summary>Two linear maps with a function between them in one node give what the maps alone give.</summary>
public sealed class FeedForwardTests
{
    public static TheoryData<int, int, int, int, bool, bool, int> Cases => new()
    {
        { 1024, 96, 128, 96, true, true, (int)UnaryKind.GeluTanh },
        { 1100, 128, 70, 130, false, true, (int)UnaryKind.Gelu },
        { 1037, 130, 200, 66, false, false, (int)UnaryKind.GeluTanh },
        { 1500, 128, 320, 128, true, false, (int)UnaryKind.Relu },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Apply_ForManyRows_GivesValuesAndGradientsOfTheMapsAlone(int rows, int inputs, int inner, int outputs, bool inputsFirst, bool useBias, int function)
    {
        RandomSource random = new(1);
        Maps maps = new(inputs, inner, outputs, inputsFirst, useBias, (UnaryKind)function, random);
        Tensor x = Tensor.Normal([rows, inputs], 0f, 1f, random), e = Tensor.Normal([rows, outputs], 0f, 1f, random), upstream = Tensor.Normal([rows, outputs], 0f, 1f, random);
        float[][] expected = Gradients(maps, [x, e], upstream, t => maps.Weights.Second.Apply(ProjectionOperation.Apply(t[0], maps.Weights.First, maps.Weights.Function), t[1]));
        float[][] actual = Gradients(maps, [x, e], upstream, t =>
        {
            Assert.True(FeedForwardOperation.Applies(t[0], maps.Weights));
            return maps.Weights.Apply(t[0], t[1]);
        });
        for (int i = 0; i < expected.Length; i++)
        {
            float largest = Math.Max(1e-3f, expected[i].Max(Math.Abs));
            Assert.True(expected[i].Zip(actual[i]).Max(p => Math.Abs(p.First - p.Second)) <= 1e-5f * largest, $"tensor {i}");
        }
    }

    [Fact]
    public void Apply_OnOneThreadAndOnTwo_GivesTheSameBits()
    {
        RandomSource random = new(2);
        Maps maps = new(128, 256, 128, true, true, UnaryKind.GeluTanh, random);
        Tensor x = Tensor.Normal([1300, 128], 0f, 1f, random), upstream = Tensor.Normal([1300, 128], 0f, 1f, random);
        Assert.Equal(Run(threads: 1), Run(threads: 2));

        float[][] Run(int threads)
        {
            using PoolThreads pool = new(threads);
            return Gradients(maps, [x], upstream, t => maps.Weights.Apply(t[0], t[0]));
        }
    }

    private static float[][] Gradients(Maps maps, Tensor[] inputs, Tensor upstream, Func<Tensor[], Tensor> compute)
    {
        Step.Begin(new PassContext(IsTraining: true));
        foreach (Parameter parameter in maps.Parameters)
        {
            parameter.ZeroGradient();
        }

        Tensor[] leaves = [.. inputs.Select(static x => x.WithGradient())];
        Tensor y = compute(leaves);
        (y * upstream).Sum().Backward();
        float[][] all = [y.ToArray(), .. leaves.Select(static x => x.Gradient.ToArray()), .. maps.Parameters.Select(static p => p.Gradient.ToArray())];
        Step.End();
        return all;
    }

    private sealed class Maps : Module
    {
        public Maps(int inputs, int inner, int outputs, bool inputsFirst, bool useBias, UnaryKind function, RandomSource random)
        {
            Weights = new FeedForwardWeights(Map("first", inputs, inner), Map("second", inner, outputs), function);

            LinearWeights Map(string name, int from, int to)
            {
                Initializer start = new Pondus.Initializers.Normal(0f, 0.1f);
                Parameter weight = AddParameter(name + "_weight", inputsFirst ? [from, to] : [to, from], start, random);
                return new LinearWeights(weight, useBias ? AddParameter(name + "_bias", [to], start, random) : null, inputsFirst);
            }
        }

        public FeedForwardWeights Weights { get; }
    }
}
