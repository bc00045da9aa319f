using Pondus.Formats.Onnx;
using Pondus.Onnx;
using static Pondus.Tests.Onnx.OnnxNodeCase;
using static Pondus.Tests.Onnx.OnnxNodeInputs;

namespace Pondus.Tests.Onnx;

/// <summary>Uses of operators on quantized numbers, and of onnxruntime's own.</summary>
internal static class OnnxJudgeQuantizedCases
{
    private static readonly OnnxValue s_scale = One(0.05f);
    private static readonly OnnxValue s_zero = One((byte)120);

    public static IEnumerable<OnnxNodeCase> Standard()
    {
        OnnxValue x = Floats(101, 3, 4, 5);
        yield return Of("QuantizeLinear", [x, s_scale, s_zero]);
        yield return Of("QuantizeLinear", [x, Vector(0.1f, 0.02f, 0.03f, 0.04f), OnnxValue.Of(new sbyte[] { 1, -2, 3, -4 }, 4)], ("axis", 1));
        yield return Of("QuantizeLinear", [x, Vector(0.1f, 0.02f, 0.03f, 0.04f), OnnxValue.Of(new ushort[] { 1, 2000, 3, 40000 }, 4)], ("axis", 1));
        yield return Of("QuantizeLinear", [Floats(102, 4, 6), Uniform(103, 0.01f, 0.1f, 4, 2), Bytes(104, 4, 2)], ("axis", 1), ("block_size", 3));
        yield return Of("DequantizeLinear", [Bytes(105, 4, 6), Uniform(106, 0.01f, 0.1f, 2, 6), Bytes(107, 2, 6)], ("axis", 0), ("block_size", 2));
        yield return Of("DequantizeLinear", [Ints(5, 1 << 25, -70000), One(0.001f)]);
        yield return Of("DequantizeLinear", [SignedBytes(108, 2, 3), Vector(0.1f, 0.2f, 0.3f), OnnxValue.Of(new sbyte[] { 0, 5, -5 }, 3)], ("axis", -1));
        yield return Of("DynamicQuantizeLinear", [x]) with { OutputCount = 3 };
        yield return Of("MatMulInteger", [Bytes(109, 2, 3, 4), SignedBytes(110, 4, 5), One((byte)99), OnnxValue.Of(new sbyte[] { 1, 2, 3, -4, 5 }, 5)]);
        yield return Of("QLinearMatMul", [Bytes(111, 2, 3, 4), s_scale, s_zero, SignedBytes(112, 4, 5), Vector(0.01f, 0.02f, 0.03f, 0.04f, 0.05f), OnnxValue.Of(new sbyte[5], 5), One(0.3f), One((byte)110)]);
        yield return Of("ConvInteger", [Bytes(113, 1, 4, 6, 5), Bytes(114, 6, 2, 3, 3), One((byte)100), One((byte)130)], ("group", 2), ("pads", new[] { 1, 1, 1, 1 }), ("strides", new[] { 2, 1 }));
        yield return Of("QLinearConv",
            [Bytes(115, 2, 4, 7, 6), s_scale, s_zero, SignedBytes(116, 6, 2, 3, 2), Uniform(117, 0.01f, 0.05f, 6), OnnxValue.Of(new sbyte[6], 6), One(0.7f), One((byte)128), OnnxValue.Of([100, -200, 300, -400, 500, 0], 6)],
            ("group", 2), ("dilations", new[] { 2, 1 }), ("pads", new[] { 1, 0, 2, 1 }));
    }

    public static IEnumerable<OnnxNodeCase> QLinear()
    {
        OnnxValue a = Bytes(121, 2, 3, 4, 5), b = Bytes(122, 3, 1, 5);
        yield return Runtime("QLinearAdd", [a, s_scale, s_zero, b, One(0.02f), One((byte)3), One(0.06f), One((byte)90)]) with { Steps = 1 };
        yield return Runtime("QLinearMul", [a, s_scale, s_zero, b, One(0.02f), One((byte)3), One(0.15f), One((byte)90)]);
        yield return Runtime("QLinearSigmoid", [a, s_scale, s_zero, One(1 / 256f), One((byte)0)]);
        yield return Runtime("QLinearLeakyRelu", [a, s_scale, s_zero, One(0.04f), One((byte)20)], ("alpha", 0.2f));
        yield return Runtime("QLinearSoftmax", [a, s_scale, s_zero, One(1 / 256f), One((byte)0)], ("axis", -1), ("opset", 13));
        yield return Runtime("QLinearSoftmax", [a, s_scale, s_zero, One(1 / 256f), One((byte)0)], ("axis", 2), ("opset", 12));
        yield return Runtime("QLinearGlobalAveragePool", [a, s_scale, s_zero, One(0.03f), One((byte)110)], ("channels_last", 0));
        yield return Runtime("QLinearAveragePool", [a, s_scale, s_zero, One(0.04f), One((byte)110)], ("kernel_shape", new[] { 2, 3 }), ("pads", new[] { 0, 1, 1, 1 })) with { Steps = 1 };
        yield return Runtime("QLinearConcat", [One(0.06f), One((byte)100), a, s_scale, s_zero, Bytes(123, 2, 3, 4, 2), One(0.03f), One((byte)7)], ("axis", 3));
        yield return Runtime("QLinearWhere", [OnnxValue.Of([true, false, true, true], 4), Bytes(124, 3, 4), s_scale, s_zero, Bytes(125, 4), One(0.03f), One((byte)7), One(0.06f), One((byte)100)]);
        yield return Runtime("QGemm", [Bytes(126, 3, 4), s_scale, s_zero, SignedBytes(127, 5, 4), Vector(0.01f, 0.02f, 0.03f, 0.04f, 0.05f), OnnxValue.Of(new sbyte[5], 5), OnnxValue.Of([5, -6, 7, -8, 9], 5), One(0.4f), One((byte)128)], ("transB", 1));
        yield return Runtime("QGemm", [Bytes(128, 4, 3), s_scale, s_zero, SignedBytes(129, 4, 5), One(0.02f), One((sbyte)3), OnnxValue.Of([5, -6, 7, -8, 9], 5)], ("transA", 1), ("alpha", 0.5f));
        yield return Runtime("MatMulIntegerToFloat", [Bytes(130, 3, 4), Bytes(131, 4, 5), One(0.1f), One(0.2f), One((byte)4), One((byte)9), Floats(132, 5)]);
        yield return Runtime("DynamicQuantizeMatMul", [Floats(133, 2, 3, 4), SignedBytes(134, 4, 5), Vector(0.01f, 0.02f, 0.03f, 0.04f, 0.05f), null, Floats(135, 5)]);
        // What onnxruntime quantizes beside a sequence that has ended is its own affair.
        yield return Runtime("DynamicQuantizeLSTM",
            [Floats(136, 5, 2, 3), Bytes(137, 2, 3, 16), Bytes(138, 2, 4, 16), Floats(139, 2, 32), Ints(5, 3), Floats(140, 2, 2, 4), Floats(141, 2, 2, 4), Floats(142, 2, 12), Vector(0.01f, 0.008f), OnnxValue.Of(new byte[] { 128, 120 }, 2), Vector(0.01f, 0.008f), OnnxValue.Of(new byte[] { 128, 120 }, 2)],
            ("direction", "bidirectional"), ("hidden_size", 4)) with
        { OutputCount = 3, Tolerance = 5e-3 };
        yield return Runtime("MatMulNBits", [Floats(143, 2, 3, 40), Bytes(144, 6, 3, 8), Uniform(145, 0.01f, 0.1f, 6, 3), Bytes(146, 6, 2)], ("K", 40), ("N", 6), ("bits", 4), ("block_size", 16)) with { Tolerance = 1e-4 };
        yield return Runtime("MatMulNBits", [Floats(147, 3, 32), Bytes(148, 5, 1, 32), Uniform(149, 0.01f, 0.1f, 5, 1)], ("K", 32), ("N", 5), ("bits", 8), ("block_size", 32)) with { Tolerance = 1e-3 };
    }

    public static IEnumerable<OnnxNodeCase> Fused()
    {
        OnnxValue x = Floats(151, 2, 3, 8), gamma = Floats(152, 8), beta = Floats(153, 8);
        yield return Runtime("FusedMatMul", [Floats(154, 2, 4, 3), Floats(155, 2, 5, 4)], ("transA", 1), ("transB", 1), ("alpha", 0.5f));
        yield return Runtime("Gelu", [x]);
        yield return Runtime("FastGelu", [x, beta]);
        yield return Runtime("QuickGelu", [x], ("alpha", 1.5f));
        yield return Runtime("BiasGelu", [x, beta]);
        yield return Runtime("SkipLayerNormalization", [x, Floats(156, 2, 3, 8), gamma, beta, Floats(157, 8)], ("epsilon", 1e-5f));
        yield return Runtime("SkipSimplifiedLayerNormalization", [x, Floats(158, 2, 3, 8), gamma], ("epsilon", 1e-5f));
        yield return Runtime("EmbedLayerNormalization",
            [OnnxValue.Of([1, 2, 0, 3, 1, 1], 2, 3), OnnxValue.Of([0, 0, 1, 1, 1, 0], 2, 3), Floats(159, 4, 8), Floats(160, 5, 8), Floats(161, 2, 8), gamma, beta], ("epsilon", 1e-5f)) with
        { OutputCount = 2 };
    }

    public static IEnumerable<OnnxNodeCase> Attention()
    {
        OnnxValue x = Floats(171, 2, 3, 8), cos = Floats(172, 10, 2), sin = Floats(173, 10, 2);
        yield return Runtime("Attention", [x, Floats(174, 8, 24), Floats(175, 24)], ("num_heads", 2), ("unidirectional", 1));
        yield return Runtime("Attention", [x, Floats(176, 8, 24), Floats(177, 24), Ints(3, 2)], ("num_heads", 4));
        yield return Runtime("Attention", [x, Floats(178, 8, 24), Floats(179, 24), OnnxValue.Of([1, 1, 0, 0, 1, 1], 2, 3)], ("num_heads", 2), ("scale", 0.3f));
        yield return Runtime("MultiHeadAttention", [x, Floats(180, 2, 5, 8), Floats(181, 2, 5, 8), Floats(182, 24)], ("num_heads", 2));
        yield return Runtime("MultiHeadAttention", [x, Floats(183, 2, 5, 8), Floats(184, 2, 5, 8), null, OnnxValue.Of([1, 1, 0, 0, 1, 1, 1, 1, 1, 0], 2, 5), Floats(185, 1, 2, 3, 5)], ("num_heads", 2));
        yield return Runtime("MultiHeadAttention", [x, Floats(186, 2, 3, 8), Floats(187, 2, 3, 8), null, null, null, Floats(188, 2, 2, 4, 4), Floats(189, 2, 2, 4, 4)], ("num_heads", 2)) with { OutputCount = 3 };
        yield return Runtime("RotaryEmbedding", [x, OnnxValue.Of([0L, 1, 2, 5, 6, 7], 2, 3), cos, sin], ("num_heads", 2), ("rotary_embedding_dim", 4));
        yield return Runtime("RotaryEmbedding", [Floats(190, 2, 2, 3, 4), Longs(3), cos, sin], ("interleaved", 1));
        yield return Runtime("GroupQueryAttention", [Floats(170, 2, 3, 32), Floats(191, 2, 3, 16), Floats(192, 2, 3, 16), Floats(193, 2, 1, 0, 16), Floats(194, 2, 1, 0, 16), Ints(2, 2), One(3)], ("num_heads", 2), ("kv_num_heads", 1));
        yield return Runtime("GroupQueryAttention",
            [Floats(195, 1, 1, 32), Floats(196, 1, 1, 16), Floats(197, 1, 1, 16), Floats(198, 1, 1, 3, 16), Floats(199, 1, 1, 3, 16), Ints(3), One(4), Floats(168, 10, 8), Floats(169, 10, 8)],
            ("num_heads", 2), ("kv_num_heads", 1), ("do_rotary", 1)) with
        { OutputCount = 3 };
    }
}
