using Pondus.Losses;

namespace Pondus.Tests.Conformance;

/// <summary>Losses. Where PyTorch also differentiates the target, that gradient is not compared: targets are data here.</summary>
internal static partial class ModuleAdapters
{
    private static IEnumerable<KeyValuePair<string, Func<ConformanceModule, Tensor>>> Losses()
    {
        yield return Row("MSELoss", static m => Values(m, static r => new MeanSquaredError(r)));
        yield return Row("L1Loss", static m => Values(m, static r => new MeanAbsoluteError(r)));
        yield return Row("HuberLoss", static m => Values(m, r => new Huber((float)m.Constructor.Number(1, "delta", 1), r)));
        yield return Row("SmoothL1Loss", static m => Values(m, r => new SmoothL1((float)m.Constructor.Number(1, "beta", 1), r)));
        yield return Row("BCELoss", static m => m.Constructor.Find(-1, "weight") is not null
            ? throw new UnsupportedSampleException("weight")
            : Values(m, static r => new BinaryCrossEntropyOnProbabilities(r)));
        yield return Row("BCEWithLogitsLoss", static m => m.Constructor.Find(-1, "weight") is not null
            ? throw new UnsupportedSampleException("weight")
            : Values(m, r => new BinaryCrossEntropy(m.Constructor.Setting(-1, "pos_weight") is { Length: > 0 } all ? all.Distinct().Count() == 1 ? all[0] : throw new UnsupportedSampleException("pos_weight of several numbers") : 1f, r)));
        yield return Row("KLDivLoss", static m => Values(m, r => new KullbackLeibler(m.Constructor.Boolean(-1, "log_target", false), r)));
        yield return Row("PoissonNLLLoss", static m => Values(m, r => new PoissonNegativeLogLikelihood(
            m.Constructor.Boolean(-1, "log_input", true), m.Constructor.Boolean(-1, "full", false), (float)m.Constructor.Number(-1, "eps", 1e-8), r)));
        yield return Row("HingeEmbeddingLoss", static m => Values(m, r => new HingeEmbedding((float)m.Constructor.Number(-1, "margin", 1), r)));
        yield return Row("MultiLabelSoftMarginLoss", static m => Values(m, r => new MultiLabelSoftMargin(Weights(m, -1), r)));
        yield return Row("MultiLabelMarginLoss", static m => new MultiLabelMargin(Reduction(m)).Forward(m.Call.Tensor(0), Whole(m.Call, 1)));
        yield return Row("MultiMarginLoss", static m => new Hinge((float)m.Constructor.Number(1, "margin", 1), m.Constructor.Integer(0, "p", 1), Weights(m, 2), Reduction(m)).Forward(m.Call.Tensor(0), m.Call.Labels(1, "target")));
        yield return Row("MarginRankingLoss", static m => new MarginRanking((float)m.Constructor.Number(-1, "margin", 0), Reduction(m)).Forward(m.Call.Tensor(0), m.Call.Tensor(1), m.Call.Constant(2, "target")));
        yield return Row("CosineEmbeddingLoss", static m => new CosineEmbedding((float)m.Constructor.Number(-1, "margin", 0), Reduction(m)).Forward(m.Call.Tensor(0), m.Call.Tensor(1), Whole(m.Call, 2)));
        yield return Row("GaussianNLLLoss", static m => new GaussianNegativeLogLikelihood(m.Constructor.Boolean(-1, "full", false), (float)m.Constructor.Number(-1, "eps", 1e-6), Reduction(m)).Forward(m.Call.Tensor(0), m.Call.Tensor(2) * Tensor.Ones(m.Call.Tensor(0).Shape), m.Call.Constant(1, "target")));
        yield return Row("NLLLoss", static m =>
        {
            NegativeLogLikelihood loss = new(Weights(m, -1), m.Constructor.Integer(-1, "ignore_index", -100), Reduction(m));
            return loss.Forward(ClassesLast(m.Call.Tensor(0)), m.Call.Labels(1, "target"));
        });
        yield return Row("CrossEntropyLoss", static m =>
        {
            int ignored = m.Constructor.Integer(-1, "ignore_index", -100);
            CrossEntropy loss = new((float)m.Constructor.Number(-1, "label_smoothing", 0), Weights(m, -1), Reduction(m));
            if (m.Call.Find(1, "target")?.Array is { Kind: "float" })
            {
                return loss.Forward(ClassesLast(m.Call.Tensor(0)), ClassesLast(m.Call.Constant(1, "target")));
            }

            int[] labels = m.Call.Labels(1, "target");
            return loss.Forward(ClassesLast(m.Call.Tensor(0)), labels.Select(label => label == ignored ? -100 : label).ToArray());
        });
    }

    private static Tensor Values(ConformanceModule m, Func<LossReduction, Loss> make)
    {
        Loss loss = make(Reduction(m));
        Tensor prediction = m.Call.Tensor(0);
        return loss.Forward(prediction, m.Call.Find(1, "target") is { Array.Kind: "int" } ? Whole(m.Call, 1) : m.Call.Constant(1, "target"));
    }

    private static float[] Weights(ConformanceModule m, int place) => m.Constructor.Setting(place, "weight") is float[] weights && weights.All(static w => w >= 0)
        ? weights
        : throw new UnsupportedSampleException("negative class weights");

    private static Tensor Whole(ConformanceCall call, int place) => call[place].Array is { } array ? Tensor.Of(array.Singles, array.Shape) : throw new UnsupportedSampleException("a target that is no tensor");

    // PyTorch has the classes second, before the places.
    private static Tensor ClassesLast(Tensor x)
    {
        if (x.Rank < 3)
        {
            return x;
        }

        int[] axes = [0, .. Enumerable.Range(2, x.Rank - 2), 1];
        return x.Permute(axes);
    }
}
