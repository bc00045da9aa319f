using Pondus.Formats.Onnx;

namespace Pondus.Onnx.Operators;

/// <summary>Attention with its masks, groups of heads and caches, and rotary positions.</summary>
/// <remarks>Source: ONNX, operators Attention (with the order of cap and mask of onnx pull request 7867) and RotaryEmbedding.</remarks>
internal static class AttentionOperators
{
    internal static void Register(OnnxOperators table)
    {
        table.AddSingle("Attention", Attention);
        table.AddSingle("RotaryEmbedding", static call => [Rotate(call)]);
    }

    private static OnnxValue?[] Attention(OnnxCall call)
    {
        bool flat = call.Input(0).Rank == 3;
        Tensor query = Heads(call, 0, call.Int("q_num_heads", 0)), key = Heads(call, 1, call.Int("kv_num_heads", 0)), value = Heads(call, 2, call.Int("kv_num_heads", 0));
        int past = 0;
        if (call.Optional(4) is { Count: > 0 } pastKey && call.Optional(5) is { Count: > 0 } pastValue)
        {
            past = pastKey.Shape[2];
            key = Tensor.Concatenate(2, pastKey.AsTensor(), key);
            value = Tensor.Concatenate(2, pastValue.AsTensor(), value);
        }

        Tensor presentKey = key, presentValue = value;
        int batch = query.Shape[0], heads = query.Shape[1], queries = query.Shape[2], size = query.Shape[3], keys = key.Shape[2];
        if (key.Shape[1] == 0 || heads % key.Shape[1] != 0 || key.Shape[3] != size)
        {
            throw call.Error($"expected heads in whole groups and equal sizes of queries and keys, got {query.Shape} and {key.Shape}.");
        }

        int[] owner = [.. Enumerable.Range(0, heads).Select(head => head / (heads / key.Shape[1]))];
        if (heads != key.Shape[1])
        {
            key = EngineValues.PickAlong(OnnxValue.Of(key), 1, owner).AsTensor();
            value = EngineValues.PickAlong(OnnxValue.Of(value), 1, owner).AsTensor();
        }

        // Half of the scale on either side keeps the product small.
        float scale = MathF.Sqrt(call.Float("scale", 1f / MathF.Sqrt(size)));
        Tensor raw = (query * scale).MatMul(key * scale, transposeRight: true);
        // The cap comes before the mask, whose minus infinity it would turn into a finite number: so ONNX since 2026, for all versions.
        float cap = call.Float("softcap", 0f);
        Tensor capped = cap > 0 ? (raw * (1 / cap)).Tanh() * cap : raw;
        Tensor scores = Mask(call, batch, queries, keys, past) is { } mask ? capped + mask : capped;
        Tensor weights = scores.Softmax(-1);
        Tensor y = weights.MatMul(value);
        OnnxValue output = OnnxValue.Of(flat ? y.Permute(0, 2, 1, 3).Reshape([batch, queries, heads * value.Shape[3]]) : y);
        Tensor shown = call.Int("qk_matmul_output_mode", 0) switch
        {
            0 => raw,
            1 => capped,
            2 => scores,
            _ => weights,
        };
        return [output, OnnxValue.Of(presentKey), OnnxValue.Of(presentValue), OnnxValue.Of(shown)];
    }

    private static Tensor Heads(OnnxCall call, int index, long heads)
    {
        OnnxValue x = call.Input(index);
        if (x.Rank == 4)
        {
            return x.AsTensor();
        }

        return x.Rank == 3 && heads >= 1 && x.Shape[2] % heads == 0
            ? x.AsTensor().Reshape([x.Shape[0], x.Shape[1], (int)heads, x.Shape[2] / (int)heads]).Permute(0, 2, 1, 3)
            : throw call.Error($"expected (batch, heads, places, size), or (batch, places, heads * size) and the number of heads, got {x} and {heads} heads.");
    }

    /// <summary>What is added to the scores: the mask given, what lies in the future, keys that are padding.</summary>
    private static Tensor? Mask(OnnxCall call, int batch, int queries, int keys, int past)
    {
        Tensor? mask = call.Optional(3) is { } given ? Given(call, given, keys) : null;
        if (call.Int("is_causal", 0) != 0)
        {
            float[] future = new float[queries * keys];
            for (int i = 0; i < future.Length; i++)
            {
                future[i] = i % keys > (i / keys) + past ? float.NegativeInfinity : 0f;
            }

            Tensor causal = Tensor.Of(future, [queries, keys]);
            mask = mask is { } both ? both + causal : causal;
        }

        if (call.Optional(6) is { } lengths)
        {
            int[] valid = Elements.Ints(lengths);
            float[] padding = new float[batch * keys];
            for (int i = 0; i < padding.Length; i++)
            {
                padding[i] = i % keys >= valid[i / keys] ? float.NegativeInfinity : 0f;
            }

            Tensor hidden = Tensor.Of(padding, [batch, 1, 1, keys]);
            mask = mask is { } both ? both + hidden : hidden;
        }

        return mask;
    }

    private static Tensor Given(OnnxCall call, OnnxValue mask, int keys)
    {
        OnnxValue added = mask.Type == OnnxType.Bool
            ? OnnxValue.Of(Array.ConvertAll(mask.Data<bool>(), static sees => sees ? 0f : float.NegativeInfinity), mask.Shape)
            : mask;
        int missing = keys - (added.Rank > 0 ? added.Shape[^1] : throw call.Error("expected a mask of at least one axis, got a number."));
        if (missing <= 0)
        {
            return added.AsTensor();
        }

        // A short mask hides the keys behind its end.
        Tensor end = Tensor.Full(new Shape([.. added.Shape[..^1], missing]), float.NegativeInfinity);
        return Tensor.Concatenate(added.Rank - 1, added.AsTensor(), end);
    }

    private static OnnxValue Rotate(OnnxCall call)
    {
        OnnxValue x = call.Input(0), cosines = call.Input(1), sines = call.Input(2);
        bool flat = x.Rank == 3, interleaved = call.Int("interleaved", 0) != 0;
        // (batch, places, heads, size)
        Tensor input = flat
            ? x.AsTensor().Reshape([x.Shape[0], x.Shape[1], (int)Math.Max(1, call.Int("num_heads", 1)), x.Shape[2] / (int)Math.Max(1, call.Int("num_heads", 1))])
            : x.AsTensor().Permute(0, 2, 1, 3);
        int batch = input.Shape[0], places = input.Shape[1], heads = input.Shape[2], size = input.Shape[3];
        int turned = (int)call.Int("rotary_embedding_dim", 0) is var partial and > 0 ? partial : size, half = turned / 2;
        Tensor cos = Angles(call, cosines, batch, places, half), sin = Angles(call, sines, batch, places, half);
        Tensor turning = input.Slice(3, 0, turned);
        (Tensor a, Tensor b) = interleaved ? (turning.Slice(3, 0, half, 2), turning.Slice(3, 1, half, 2)) : (turning.Slice(3, 0, half), turning.Slice(3, half, half));
        Tensor real = (a * cos) - (b * sin), imaginary = (a * sin) + (b * cos);
        Tensor y = interleaved
            ? Tensor.Stack(4, real, imaginary).Reshape([batch, places, heads, turned])
            : Tensor.Concatenate(3, real, imaginary);
        y = turned == size ? y : Tensor.Concatenate(3, y, input.Slice(3, turned, size - turned));
        return OnnxValue.Of(flat ? y.Reshape([x.Shape[0], x.Shape[1], x.Shape[2]]) : y.Permute(0, 2, 1, 3));
    }

    private static Tensor Angles(OnnxCall call, OnnxValue cache, int batch, int places, int half)
    {
        OnnxValue rows = call.Optional(3) is { } positions
            ? EngineValues.PickAlong(cache, 0, Array.ConvertAll(positions.Integers(), place => call.Index(place, cache.Shape[0]))).Reshaped(batch, places, half)
            : cache;
        return rows.Count == batch * places * half
            ? rows.Reshaped(batch, places, 1, half).AsTensor()
            : throw call.Error($"expected angles ({batch}, {places}, {half}), got {rows}.");
    }
}
