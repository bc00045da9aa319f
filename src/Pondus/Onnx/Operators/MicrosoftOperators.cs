using Pondus.Formats.Onnx;

namespace Pondus.Onnx.Operators;

/// <summary>Operators of onnxruntime's own domain, such as its optimizer and exporters make: products and activations in one.</summary>
internal static class MicrosoftOperators
{
    internal const string Domain = "com.microsoft";

    internal static void Register(OnnxOperators table)
    {
        Add("FusedMatMul", MatMul);
        Add("TransposeMatMul", MatMul);
        Add("MatMulNBits", MatMulOfBits);
        Add("Gelu", static call => [OnnxValue.Of(call.Input(0).AsTensor().Gelu())]);
        Add("BiasGelu", static call => [OnnxValue.Of((call.Input(0).AsTensor() + call.Input(1).AsTensor()).Gelu())]);
        Add("FastGelu", static call => [OnnxValue.Of(Biased(call, 1).GeluTanh())]);
        Add("QuickGelu", static call =>
        {
            Tensor x = call.Input(0).AsTensor();
            return [OnnxValue.Of(x * (x * call.Float("alpha", 1.702f)).Sigmoid())];
        });
        Add("LayerNormalization", static call => [OnnxValue.Of(Normalize(call, call.Input(0).AsTensor(), 1, 2, center: true))]);
        Add("SimplifiedLayerNormalization", static call => [OnnxValue.Of(Normalize(call, call.Input(0).AsTensor(), 1, null, center: false))]);
        table.Add("SimplifiedLayerNormalization", table.Find(Domain, "SimplifiedLayerNormalization")!);
        Add("SkipLayerNormalization", static call => SkipNormalize(call, 3, 4, center: true));
        Add("SkipSimplifiedLayerNormalization", static call => SkipNormalize(call, null, 3, center: false));
        Add("EmbedLayerNormalization", EmbedNormalize);

        void Add(string type, OnnxOperator operation) => table.Add(Domain, type, OnnxWidening.Wrap(operation));
    }

    /// <summary>α a b, either transposed first.</summary>
    private static OnnxValue?[] MatMul(OnnxCall call)
    {
        if (call.Int("transBatchA", 0) != 0 || call.Int("transBatchB", 0) != 0)
        {
            throw call.Error("expected stacks in their order, got transBatchA or transBatchB.");
        }

        Tensor y = call.Input(0).AsTensor().MatMul(call.Input(1).AsTensor(), call.Int("transA", 0) != 0, call.Int("transB", 0) != 0);
        float alpha = call.Float("alpha", 1);
        return [OnnxValue.Of(alpha == 1 ? y : y * alpha)];
    }

    /// <summary>x wᵀ, where the rows of w are blocks of integers of a few bits with a scale and a zero point each.</summary>
    private static OnnxValue?[] MatMulOfBits(OnnxCall call)
    {
        OnnxValue x = call.Input(0);
        int depth = call.Size(call.Int("K", 0)), columns = call.Size(call.Int("N", 0));
        if (x.Rank == 0 || x.Shape[^1] != depth)
        {
            throw call.Error($"expected rows of K = {depth}, got {x}.");
        }

        Tensor y = x.AsTensor().Reshape([x.Count / Math.Max(1, depth), depth]).MatMul(Weight(call, depth, columns).AsTensor(), transposeRight: true);
        if (call.Optional(5) is { } bias)
        {
            y += bias.AsTensor();
        }

        return [OnnxValue.Of(y).Reshaped([.. x.Shape[..^1], columns])];
    }

    private static OnnxValue Weight(OnnxCall call, int depth, int columns)
    {
        int bits = (int)call.Int("bits", 4), block = call.Size(call.Int("block_size", 0));
        if (bits is not (2 or 4 or 8) || block < 16)
        {
            throw call.Error($"expected 2, 4 or 8 bits in blocks from 16, got {bits} in {block}.");
        }

        int blocks = (depth + block - 1) / block, share = 8 / bits, bytes = block / share, mask = (1 << bits) - 1;
        byte[] packed = call.Input(1).Data<byte>();
        float[] scales = Elements.Singles(call.Input(2));
        OnnxValue? zeros = call.Optional(3), order = call.Optional(4);
        bool arePacked = zeros?.Type == OnnxType.UInt8;
        int zeroBytes = (blocks + share - 1) / share;
        if (packed.LongLength != (long)columns * blocks * bytes || scales.LongLength != (long)columns * blocks
            || (zeros is not null && zeros.Count != (arePacked ? columns * zeroBytes : columns * blocks)))
        {
            throw call.Error($"expected {columns} rows of {blocks} blocks, got {call.Input(1)}, {call.Input(2)} and {zeros}.");
        }

        byte[]? zeroSteps = arePacked ? zeros!.Data<byte>() : null;
        float[]? zeroValues = arePacked || zeros is null ? null : Elements.Singles(zeros);
        int[]? groups = order is null ? null : Elements.Ints(order);
        float[] weight = new float[call.Product([columns, depth])];
        for (int i = 0; i < weight.Length; i++)
        {
            int row = i / depth, column = i % depth, place = column % block;
            int q = (packed[(((row * blocks) + (column / block)) * bytes) + (place / share)] >> (place % share * bits)) & mask;
            int group = groups is null ? column / block : call.Index(groups[column], blocks);
            float zero = zeroSteps is not null
                ? (zeroSteps[(row * zeroBytes) + (group / share)] >> (group % share * bits)) & mask
                : zeroValues?[(row * blocks) + group] ?? 1 << (bits - 1);
            weight[i] = (q - zero) * scales[(row * blocks) + group];
        }

        return OnnxValue.Of(weight, columns, depth);
    }

    private static Tensor Biased(OnnxCall call, int index)
    {
        Tensor x = call.Input(0).AsTensor();
        return call.Optional(index) is { } bias ? x + bias.AsTensor() : x;
    }

    /// <summary>The sum of input, skip and bias, normalized; the sum itself is the fourth output.</summary>
    private static OnnxValue?[] SkipNormalize(OnnxCall call, int? betaIndex, int biasIndex, bool center)
    {
        Tensor sum = call.Input(0).AsTensor() + call.Input(1).AsTensor();
        if (call.Optional(biasIndex) is { } bias)
        {
            sum += bias.AsTensor();
        }

        return [OnnxValue.Of(Normalize(call, sum, 2, betaIndex, center)), null, null, OnnxValue.Of(sum)];
    }

    private static OnnxValue?[] EmbedNormalize(OnnxCall call)
    {
        OnnxValue ids = call.InputOfRank(0, 2, "batch, time");
        int time = ids.Shape[1];
        int[] positions = call.Optional(8) is { } given ? Elements.Ints(given) : [.. Enumerable.Range(0, ids.Count).Select(i => i % time)];
        Tensor sum = Rows(2, Elements.Ints(ids)) + Rows(3, positions);
        if (call.Optional(1) is { } segments && call.Optional(4) is not null)
        {
            sum += Rows(4, Elements.Ints(segments));
        }

        long[] mask = call.Optional(7)?.Integers() ?? new long[ids.Count];
        int[] lengths = new int[ids.Shape[0]];
        for (int i = 0; i < mask.Length; i++)
        {
            lengths[i / time] += mask[i] != 0 ? 1 : 0;
        }

        Tensor y = Normalize(call, sum, 5, 6, center: true);
        return [OnnxValue.Of(y).Reshaped(ids.Shape[0], time, y.Shape[^1]), OnnxValue.Of(lengths, lengths.Length), OnnxValue.Of(sum).Reshaped(ids.Shape[0], time, y.Shape[^1])];

        Tensor Rows(int index, int[] rows)
        {
            OnnxValue table = call.InputOfRank(index, 2, "id, width");
            return table.AsTensor().SelectRows(Array.ConvertAll(rows, row => call.Index(row, table.Shape[0])));
        }
    }

    /// <summary>(x - mean) / √(variance + ε) γ + β along the last axis; without centering x / √(mean x² + ε) γ.</summary>
    private static Tensor Normalize(OnnxCall call, Tensor x, int gammaIndex, int? betaIndex, bool center)
    {
        if (call.Int("axis", -1) is not -1 and var axis && axis != x.Rank - 1)
        {
            throw call.Error($"expected the last axis, got {axis}.");
        }

        Tensor shifted = center ? x - x.Mean(-1, keepAxis: true) : x;
        Tensor y = shifted / (shifted.Square().Mean(-1, keepAxis: true) + call.Float("epsilon", center ? 1e-12f : 1e-5f)).SquareRoot() * call.Input(gammaIndex).AsTensor();
        return betaIndex is { } index && call.Optional(index) is { } beta ? y + beta.AsTensor() : y;
    }
}
