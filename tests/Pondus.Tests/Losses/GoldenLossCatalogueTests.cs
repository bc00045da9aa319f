using Pondus.Losses;
using Pondus.Tests.Support;
using Xunit;

namespace Pondus.Tests.Losses;

/// <summary>The catalogue of losses gives PyTorch's double-precision values and gradients, in every reduction.</summary>
public sealed class GoldenLossCatalogueTests
{
    public static TheoryData<string> Cases => Golden.Names("lossCatalogue");

    [Theory]
    [MemberData(nameof(Cases))]
    public void Forward_GoldenCase_GivesValueAndGradients(string name)
    {
        GoldenCase one = Golden.Case("lossCatalogue", name);
        GoldenRun.Check(one, Computation(one));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Backward_GoldenCase_IsTheSlope(string name)
    {
        GoldenCase one = Golden.Case("lossCatalogue", name);
        GradientCheck.Check(name, Computation(one), [.. one.Inputs.Select(Values)]);
    }

    private static Func<Tensor[], Tensor> Computation(GoldenCase one)
    {
        LossReduction r = one.Has("reduction") ? Enum.Parse<LossReduction>(one.Text("reduction")) : LossReduction.Mean;
        float[] weights = one.Has("classWeights") ? one.Numbers("classWeights") : [];
        float Number(string option) => (float)one.Number(option);
        float? alpha = one.Has("alpha") && one.Number("alpha") >= 0 ? Number("alpha") : null;
        Func<Tensor[], Tensor>? pair = one.Op switch
        {
            "GaussianNegativeLogLikelihood" => x => new GaussianNegativeLogLikelihood(one.Flag("full"), reduction: r).Forward(x[0], x[1], x[2]),
            "CosineEmbedding" => x => new CosineEmbedding(Number("margin"), r).Forward(x[0], x[1], Values(one["target"])),
            "MarginRanking" => x => new MarginRanking(Number("margin"), r).Forward(x[0], x[1], Values(one["target"])),
            "Triplet" => x => new Triplet(Number("margin"), Number("order"), one.Flag("swap"), r).Forward(x[0], x[1], x[2]),
            "InfoNce" => x => new InfoNce(Number("temperature"), one.Flag("symmetric")).Forward(x[0], x[1]),
            "NtXent" => x => new NtXent(Number("temperature")).Forward(x[0], x[1]),
            _ => null,
        };
        if (pair is not null)
        {
            return pair;
        }

        Loss loss = one.Op switch
        {
            "MeanSquaredError" => new MeanSquaredError(r),
            "MeanAbsoluteError" => new MeanAbsoluteError(r),
            "Huber" => new Huber(0.5f, r),
            "SmoothL1" => new SmoothL1(Number("beta"), r),
            "BinaryCrossEntropy" => new BinaryCrossEntropy(Number("positiveWeight"), r),
            "BinaryCrossEntropyOnProbabilities" => new BinaryCrossEntropyOnProbabilities(r),
            "SoftMargin" => new SoftMargin(r),
            "HingeEmbedding" => new HingeEmbedding(Number("margin"), r),
            "MultiLabelSoftMargin" => new MultiLabelSoftMargin(weights, r),
            "MultiLabelMargin" => new MultiLabelMargin(r),
            "Hinge" => new Hinge(Number("margin"), one.Integer("power"), weights, r),
            "KullbackLeibler" => new KullbackLeibler(one.Flag("logarithmicTargets"), r),
            "NegativeLogLikelihood" => new NegativeLogLikelihood(weights, reduction: r),
            "CrossEntropy" => new CrossEntropy(Number("smoothing"), weights, r),
            "Focal" => new Focal(Number("gamma"), alpha, weights, r),
            "PoissonNegativeLogLikelihood" => new PoissonNegativeLogLikelihood(one.Flag("logarithmicInput"), one.Flag("full"), reduction: r),
            _ => throw new NotSupportedException($"Golden losses: expected a loss for '{one.Op}', got none."),
        };
        return x => loss.Forward(x[0], TargetsOf(one, x));
    }

    private static Targets TargetsOf(GoldenCase one, Tensor[] inputs) => inputs.Length > 1
        ? inputs[1]
        : one.Labels[0].Name == "labels" ? one["labels"].Integers : Values(one["target"]);

    private static Tensor Values(GoldenArray array) => Tensor.Of(array.Singles, new Shape(array.Shape));
}
