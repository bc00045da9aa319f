using Pondus.Layers;

namespace Pondus.Tests.Conformance;

/// <summary>Attention and the block around it. Weights of attention, PyTorch's second output, are not given back here.</summary>
internal static partial class ModuleAdapters
{
    private static IEnumerable<KeyValuePair<string, Func<ConformanceModule, Tensor>>> Attentions()
    {
        yield return Row("MultiheadAttention", static m =>
        {
            ConformanceCall c = m.Constructor;
            if (c.Boolean(-1, "add_bias_kv", false) || c.Boolean(-1, "add_zero_attn", false))
            {
                throw new UnsupportedSampleException("add_bias_kv, add_zero_attn");
            }

            int width = c.Integer(0, "embed_dim", 0), heads = c.Integer(1, "num_heads", 0);
            MultiheadAttention layer = m.Load(new MultiheadAttention(width, heads, s_random, new AttentionSettings
            {
                Bias = c.Boolean(-1, "bias", true),
                Dropout = (float)c.Number(2, "dropout", 0),
                KeyWidth = c.Find(-1, "kdim")?.Integer,
                ValueWidth = c.Find(-1, "vdim")?.Integer,
            }));
            bool alone = m.Call.Tensor(0).Rank == 2, batchFirst = c.Boolean(-1, "batch_first", false);
            Tensor query = Tokens(m.Call.Tensor(0), alone, batchFirst), key = Tokens(m.Call.Tensor(1), alone, batchFirst), value = Tokens(m.Call.Tensor(2), alone, batchFirst);
            m.Call.Ignore("need_weights");
            m.Call.Ignore("average_attn_weights");
            AttentionOptions options = new() { Mask = Hidden(m.Call, "attn_mask", "key_padding_mask", query.Shape[0], heads) };
            return Back(layer.Forward(query, key, value, options), alone, batchFirst);
        });
        yield return Row("TransformerEncoderLayer", static m =>
        {
            ConformanceCall c = m.Constructor;
            int width = c.Integer(0, "d_model", 0), heads = c.Integer(1, "nhead", 0);
            TransformerSettings settings = new()
            {
                Inner = c.Integer(2, "dim_feedforward", 2048),
                Dropout = (float)c.Number(3, "dropout", 0.1),
                Activation = c.Text(4, "activation", "relu") == "relu" ? TransformerActivation.Relu : TransformerActivation.Gelu,
                NormFirst = c.Boolean(-1, "norm_first", false),
                Bias = c.Boolean(-1, "bias", true),
                Epsilon = (float)c.Number(-1, "layer_norm_eps", 1e-5),
            };
            if (settings.Dropout > 0 && PassContext.Current.IsTraining)
            {
                throw new UnsupportedSampleException("dropout: another random mask");
            }

            TransformerEncoderLayer layer = m.Load(new TransformerEncoderLayer(width, heads, s_random, settings));
            bool alone = m.Call.Tensor(0).Rank == 2, batchFirst = c.Boolean(-1, "batch_first", false);
            Tensor x = Tokens(m.Call.Tensor(0), alone, batchFirst);
            AttentionOptions options = new() { Mask = Hidden(m.Call, "src_mask", "src_key_padding_mask", x.Shape[0], heads) };
            return Back(layer.Forward(x, options), alone, batchFirst);
        });
    }

    // Here the batch always comes first, and a sample is a batch of one.
    private static Tensor Tokens(Tensor x, bool alone, bool batchFirst) => alone ? x.Reshape([1, x.Shape[0], x.Shape[1]]) : batchFirst ? x : x.Transpose(0, 1);

    private static Tensor Back(Tensor y, bool alone, bool batchFirst) => alone ? y.Reshape([y.Shape[1], y.Shape[2]]) : batchFirst ? y : y.Transpose(0, 1);

    // Both masks of PyTorch say what is hidden; here one mask is added to the scores.
    private static Tensor? Hidden(ConformanceCall call, string mask, string padding, int batch, int heads)
    {
        Tensor? scores = call.Find(-1, mask) is { } hidden ? Added(call, hidden, mask) : null;
        if (scores is { Rank: 3 } each)
        {
            scores = each.Reshape([batch, heads, each.Shape[1], each.Shape[2]]);
        }

        if (call.Find(-1, padding) is not { } padded)
        {
            return scores;
        }

        Tensor keys = Added(call, padded, padding);
        keys = keys.Reshape([batch, 1, 1, keys.Shape.Last]);
        return scores is { } both ? both + keys : keys;
    }

    private static Tensor Added(ConformanceCall call, ConformanceValue value, string name) => value.Array is { Kind: "bool" } array
        ? Tensor.Of([.. array.Values.Select(static hidden => hidden != 0 ? float.NegativeInfinity : 0f)], array.Shape)
        : call.Constant(-1, name);
}
