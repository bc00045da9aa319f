using Pondus.Losses;

namespace Pondus.Tests.Conformance;

/// <summary>Losses, which PyTorch has as modules and as functions. Where PyTorch also differentiates the target, that gradient is not compared: targets are data here.</summary>
internal static class LossAdapters
{
    /// <summary>A loss: its settings and its tensors, which a function of PyTorch has in one call.</summary>
    internal delegate Tensor Adapter(ConformanceCall settings, ConformanceCall tensors);

    /// <summary>PyTorch's module (null where its samples have none), function and our loss.</summary>
    public static IEnumerable<(string? Module, string Function, Adapter Adapter)> All()
    {
        yield return ("MSELoss", "mse_loss", static (s, t) => Values(s, t, static r => new MeanSquaredError(r)));
        yield return ("L1Loss", "l1_loss", static (s, t) => Values(s, t, static r => new MeanAbsoluteError(r)));
        yield return ("HuberLoss", "huber_loss", static (s, t) => Values(s, t, r => new Huber(Number(s, "delta", 1), r)));
        yield return ("SmoothL1Loss", "smooth_l1_loss", static (s, t) => Values(s, t, r => new SmoothL1(Number(s, "beta", 1), r)));
        yield return ("BCELoss", "binary_cross_entropy", static (s, t) => Values(s, t, r => Unweighted(s, new BinaryCrossEntropyOnProbabilities(r))));
        yield return ("BCEWithLogitsLoss", "binary_cross_entropy_with_logits", static (s, t) => Values(s, t, r => Unweighted(s, new BinaryCrossEntropy(PositiveWeight(s), r))));
        yield return ("KLDivLoss", "kl_div", Divergence);
        yield return ("PoissonNLLLoss", "poisson_nll_loss", static (s, t) => Values(s, t, r => new PoissonNegativeLogLikelihood(
            s.Boolean(-1, "log_input", true), s.Boolean(-1, "full", false), Number(s, "eps", 1e-8), r)));
        yield return ("HingeEmbeddingLoss", "hinge_embedding_loss", static (s, t) => t.Find(1, "target")?.Array is { } target && !t.IsWrong && target.Values.Any(static v => v is not (1 or -1))
            ? throw new UnsupportedSampleException("targets that are neither 1 nor -1")
            : Values(s, t, r => new HingeEmbedding(Number(s, "margin", 1), r)));
        yield return ("SoftMarginLoss", "soft_margin_loss", static (s, t) => Values(s, t, static r => new SoftMargin(r)));
        yield return ("MultiLabelSoftMarginLoss", "multilabel_soft_margin_loss", static (s, t) => Values(s, t, r => new MultiLabelSoftMargin(Weights(s), r)));
        yield return ("MultiLabelMarginLoss", "multilabel_margin_loss", static (s, t) => new MultiLabelMargin(Reduction(s)).Forward(WithClasses(t), Masks(t, 1)));
        yield return ("MultiMarginLoss", "multi_margin_loss", static (s, t) =>
            new Hinge(Number(s, "margin", 1), s.Integer(-1, "p", 1), Weights(s), Reduction(s)).Forward(WithClasses(t), t.Labels(1, "target")));
        yield return ("MarginRankingLoss", "margin_ranking_loss", static (s, t) => new MarginRanking(Number(s, "margin", 0), Reduction(s)).Forward(t.Tensor(0), t.Tensor(1), Target(t, 2)));
        yield return ("CosineEmbeddingLoss", "cosine_embedding_loss", static (s, t) => new CosineEmbedding(Number(s, "margin", 0), Reduction(s)).Forward(t.Tensor(0), t.Tensor(1), Target(t, 2)));
        yield return (null, "triplet_margin_loss", static (s, t) =>
            new Triplet(Number(s, "margin", 1), Number(s, "p", 2), s.Boolean(-1, "swap", false), Reduction(s)).Forward(t.Tensor(0), t.Tensor(1), t.Tensor(2)));
        yield return ("GaussianNLLLoss", "gaussian_nll_loss", Gaussian);
        yield return ("NLLLoss", "nll_loss", static (s, t) =>
            new NegativeLogLikelihood(Weights(s), s.Integer(-1, "ignore_index", -100), Reduction(s)).Forward(ClassesLast(t.Tensor(0)), t.Labels(1, "target")));
        yield return ("CrossEntropyLoss", "cross_entropy", Entropy);
        yield return ("CTCLoss", "ctc_loss", Alignments);
    }

    private static Tensor Values(ConformanceCall settings, ConformanceCall tensors, Func<LossReduction, Loss> make)
    {
        Loss loss = make(Reduction(settings));
        Tensor prediction = tensors.Tensor(0), target = Target(tensors, 1);
        return prediction.Shape == target.Shape || tensors.IsWrong ? loss.Forward(prediction, target) : throw new UnsupportedSampleException("a target of another shape");
    }

    private static Tensor Divergence(ConformanceCall settings, ConformanceCall tensors)
    {
        bool logarithms = settings.Boolean(-1, "log_target", false);
        return !logarithms && tensors.Find(1, "target")?.Array is { } target && target.Values.Any(static v => v < 0)
            ? throw new UnsupportedSampleException("targets below 0")
            : Values(settings, tensors, r => new KullbackLeibler(logarithms, r));
    }

    private static Tensor Gaussian(ConformanceCall settings, ConformanceCall tensors)
    {
        Tensor mean = tensors.Tensor(0), target = Target(tensors, 1);
        if (!tensors.IsWrong && mean.Shape != target.Shape)
        {
            throw new UnsupportedSampleException("a target of another shape");
        }

        // One variance for several values is a product here.
        Tensor variance = tensors[2].IsNumber ? throw new UnsupportedSampleException("a variance that is no tensor") : tensors.Tensor(2);
        bool shared = variance.Shape != mean.Shape && !tensors.IsWrong;
        variance = shared && variance.Rank == mean.Rank - 1 ? variance.Reshape(new Shape([.. variance.Shape.ToArray(), 1])) : variance;
        GaussianNegativeLogLikelihood loss = new(settings.Boolean(-1, "full", false), Number(settings, "eps", 1e-6), Reduction(settings));
        return loss.Forward(mean, shared ? variance * Tensor.Ones(mean.Shape) : variance, target);
    }

    private static Tensor Entropy(ConformanceCall settings, ConformanceCall tensors)
    {
        int ignored = settings.Integer(-1, "ignore_index", -100);
        CrossEntropy loss = new(Number(settings, "label_smoothing", 0), Weights(settings), Reduction(settings));
        Tensor logits = ClassesLast(tensors.Tensor(0));
        if (tensors.Find(1, "target")?.Array is { Kind: "float" })
        {
            return loss.Forward(logits, ClassesLast(tensors.Constant(1, "target")));
        }

        // The label that is left out is always -100 here.
        int[] labels = tensors.Labels(1, "target");
        return loss.Forward(logits, labels.Select(label => label == ignored ? -100 : label).ToArray());
    }

    private static Tensor Alignments(ConformanceCall settings, ConformanceCall tensors)
    {
        Tensor logarithms = tensors.Tensor(0);
        int[] labels = tensors.Labels(1, "targets"), steps = Lengths(tensors, 2, "input_lengths"), counts = Lengths(tensors, 3, "target_lengths");
        CtcLoss loss = new(settings.Integer(-1, "blank", 0), Reduction(settings), settings.Boolean(-1, "zero_infinity", false), batchFirst: false);
        return logarithms.Rank == 3 || tensors.IsWrong ? loss.Forward(logarithms, labels, steps, counts) : throw new UnsupportedSampleException("a sample without a batch");
    }

    private static int[] Lengths(ConformanceCall tensors, int place, string name) => tensors.Find(place, name) switch
    {
        { Items: not null } list => list.Integers(),
        { Array: not null } => tensors.Labels(place, name),
        _ => throw new UnsupportedSampleException(name),
    };

    private static LossReduction Reduction(ConformanceCall settings) => settings.Text(-1, "reduction", "mean") switch
    {
        "mean" => LossReduction.Mean,
        "sum" => LossReduction.Sum,
        "batchmean" => LossReduction.BatchMean,
        "none" => LossReduction.None,
        string other when settings.IsWrong => throw new ArgumentException(other),
        string other => throw new UnsupportedSampleException($"reduction {other}"),
    };

    private static float Number(ConformanceCall settings, string name, double usual) => (float)settings.Number(-1, name, usual);

    private static Loss Unweighted(ConformanceCall settings, Loss loss) => settings.Find(-1, "weight") is null ? loss : throw new UnsupportedSampleException("weight");

    private static float PositiveWeight(ConformanceCall settings) => settings.Setting(-1, "pos_weight") switch
    {
        [] => 1f,
        [float first, .. float[] rest] when rest.All(other => other == first) => first,
        _ => throw new UnsupportedSampleException("pos_weight of several numbers"),
    };

    private static float[] Weights(ConformanceCall settings)
    {
        float[] weights = settings.Setting(-1, "weight");
        return settings.IsWrong ? [.. weights.Select(Math.Abs)] : weights.All(static w => w >= 0) ? weights : throw new UnsupportedSampleException("negative class weights");
    }

    private static Tensor Target(ConformanceCall tensors, int place) => tensors.Find(place, "target") is { Array: { Kind: not "float" } array }
        ? Tensor.Of(array.Singles, array.Shape)
        : tensors.Constant(place, "target");

    // PyTorch lists the true classes, the list ending with -1.
    private static Tensor Masks(ConformanceCall tensors, int place)
    {
        int[] lists = tensors.Labels(place, "target");
        Shape shape = tensors[place].Array!.Shape;
        if (tensors.IsWrong)
        {
            return Tensor.Zeros(shape);
        }

        float[] masks = new float[lists.Length];
        int classes = Math.Max(1, shape.Rank == 0 ? 1 : shape.Last);
        for (int row = 0; row < lists.Length; row += classes)
        {
            foreach (int label in lists.Skip(row).Take(classes).TakeWhile(static label => label >= 0))
            {
                masks[row + label] = masks[row + label] == 0f ? 1f : throw new UnsupportedSampleException("a class named twice");
            }
        }

        return Tensor.Of(masks, shape);
    }

    private static Tensor WithClasses(ConformanceCall tensors) => tensors.Tensor(0).Rank > 0 || tensors.IsWrong ? tensors.Tensor(0) : throw new UnsupportedSampleException("a prediction without axes");

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
