using Pondus.Layers;

namespace Pondus.Tests.Conformance;

/// <summary>Operators on tokens and channels, and what draws numbers.</summary>
internal static partial class OperatorAdapters
{
    private static IEnumerable<KeyValuePair<string, Func<ConformanceCall, Tensor>>> Sequences()
    {
        yield return Row("nn.functional.embedding", static c =>
        {
            Shape table = c.Tensor(0).Shape;
            Embedding layer = new(table[0], table[1], s_random, c.Find(2, "padding_idx") is { } padding ? (padding.Integer + table[0]) % table[0] : null);
            c.Give(layer.Weight, 0, "weight");
            return layer.Forward(c.Labels(1, "indices"), c[1].Array!.Shape);
        });
        yield return Row("nn.functional.scaled_dot_product_attention", static c =>
        {
            if (c.Number(4, "dropout_p", 0) > 0)
            {
                throw new UnsupportedSampleException("dropout_p: another random mask");
            }

            if (!c.IsWrong && (c.Tensor(0).Rank != c.Tensor(1).Rank || c.Tensor(0).Rank != c.Tensor(2).Rank))
            {
                throw new UnsupportedSampleException("axes that broadcast");
            }

            AttentionOptions options = new()
            {
                Causal = c.Boolean(5, "is_causal", false),
                Scale = (float?)c.Find(6, "scale")?.Number,
                Mask = Mask(c),
            };
            c.Ignore("enable_gqa");
            return c.Tensor(0).ScaledDotProductAttention(c.Tensor(1), c.Tensor(2), options);
        });
        yield return Row("nn.functional.glu", static c => new Glu(c.Integer(1, "dim", -1)).Forward(c.Tensor(0)));
        yield return Row("nn.functional.prelu", static c =>
        {
            ConformanceValue weight = c.Find(1, "weight")!;
            if (!c.IsWrong && weight.Tensor.Rank != 1)
            {
                throw new UnsupportedSampleException("a weight without axes");
            }

            PRelu layer = new(weight.Tensor.Count);
            c.Give(layer.Weight, 1, "weight");
            return layer.Forward(c.Tensor(0));
        });
        yield return Row("nn.functional.dropout", static c => new Dropout(Rate(c), s_random).Forward(c.Tensor(0)));
        yield return Row("nn.functional.dropout2d", static c => new Dropout2d(Rate(c), s_random).Forward(c.Tensor(0)));
    }

    // A mask of truth values says what is seen; here the mask is added to the scores.
    private static Tensor? Mask(ConformanceCall c) => c.Find(3, "attn_mask") switch
    {
        null => null,
        { Array: { Kind: "bool" } array } => Tensor.Of([.. array.Values.Select(static seen => seen != 0 ? 0f : float.NegativeInfinity)], array.Shape),
        _ => c.Constant(3, "attn_mask"),
    };

    private static float Rate(ConformanceCall c)
    {
        double rate = c.Number(1, "p", 0.5);
        bool training = c.Boolean(2, "training", true);
        c.Ignore("inplace");
        return c.IsWrong || (rate is >= 0 and < 1 && (rate == 0 || !training)) ? (float)rate : throw new UnsupportedSampleException("another random mask");
    }
}
