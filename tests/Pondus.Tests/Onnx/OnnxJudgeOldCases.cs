using Pondus.Onnx;
using static Pondus.Tests.Onnx.OnnxNodeCase;
using static Pondus.Tests.Onnx.OnnxNodeInputs;

namespace Pondus.Tests.Onnx;

/// <summary>Operators as older versions of ONNX have them: settings that became inputs later, other rules for axes.</summary>
internal static class OnnxJudgeOldCases
{
    private static readonly OnnxValue s_x = Floats(201, 2, 3, 4, 5);

    public static IEnumerable<OnnxNodeCase> Seven()
    {
        yield return Of("Add", [s_x, Floats(202, 3, 1, 5)]);
        yield return Of("PRelu", [s_x, Floats(203, 3, 1, 1)]);
        yield return Of("BatchNormalization", [s_x, Floats(204, 3), Floats(205, 3), Floats(206, 3), Uniform(207, 0.5f, 2, 3)], ("epsilon", 0.01f));
        yield return Of("Dropout", [s_x], ("ratio", 0.5f));
        yield return Of("Upsample", [s_x], ("mode", "nearest"), ("scales", new[] { 1f, 1, 2, 1.5f }));
        yield return Of("Upsample", [s_x], ("mode", "linear"), ("scales", new[] { 1f, 1, 2, 2 }));
        yield return Of("AveragePool", [s_x], ("kernel_shape", new[] { 3, 2 }), ("pads", new[] { 1, 0, 1, 1 }), ("count_include_pad", 1));
        yield return Of("AveragePool", [s_x], ("kernel_shape", new[] { 3, 2 }), ("auto_pad", "SAME_LOWER"), ("strides", new[] { 2, 2 }));
        yield return Of("MaxPool", [s_x], ("kernel_shape", new[] { 2, 3 }), ("auto_pad", "SAME_UPPER"), ("strides", new[] { 2, 2 }));
        yield return Of("Gemm", [Floats(208, 4, 3), Floats(209, 5, 4), Floats(210, 3, 1)], ("transA", 1), ("transB", 1), ("alpha", 0.5f), ("beta", 2f));
        yield return Of("Pad", [s_x], ("pads", new[] { 0, 0, 1, 2, 0, 1, 0, -1 }), ("value", 1.5f));
        yield return Of("Pad", [s_x], ("pads", new[] { 0, 0, 1, 2, 0, 0, 2, 1 }), ("mode", "reflect"));
        yield return Of("Slice", [s_x], ("axes", new[] { 1, 3 }), ("starts", new[] { 1, -3 }), ("ends", new[] { 9, -1 }));
        yield return Of("Clip", [s_x], ("min", -0.5f), ("max", 0.7f));
        yield return Of("Squeeze", [Floats(211, 1, 3, 1)], ("axes", new[] { 0, 2 }));
        yield return Of("Unsqueeze", [Floats(212, 3)], ("axes", new[] { 0, 2 }));
        yield return Of("Split", [s_x], ("axis", 3), ("split", new[] { 2, 3 })) with { OutputCount = 2 };
        yield return Of("ReduceSum", [s_x], ("axes", new[] { 1, 2 }), ("keepdims", 0));
        yield return Of("ReduceL2", [s_x], ("axes", new[] { 3 }));
        yield return Of("ReduceLogSumExp", [s_x], ("axes", new[] { 0, 3 }));
        yield return Of("ArgMax", [s_x], ("axis", 2), ("keepdims", 0));
        yield return Of("TopK", [s_x], ("k", 2), ("axis", 1)) with { OutputCount = 2 };
        yield return Of("Softmax", [s_x], ("axis", 2));
        yield return Of("LogSoftmax", [s_x]);
        yield return Of("Hardmax", [s_x], ("axis", 2));
        yield return Of("Tile", [Floats(213, 2, 3), Longs(2, 1)]);
        yield return Of("Flatten", [s_x], ("axis", 2));
        yield return Of("InstanceNormalization", [s_x, Floats(214, 3), Floats(215, 3)]);
        yield return Of("Mean", [s_x, Floats(216, 2, 3, 4, 5), Floats(217, 2, 3, 4, 5)]);
        yield return Of("Cast", [s_x], ("to", 6));
        yield return Of("LSTM", [Floats(218, 4, 2, 3), Floats(219, 1, 20, 3), Floats(220, 1, 20, 5), Floats(221, 1, 40), Ints(4, 2)], ("hidden_size", 5)) with { OutputCount = 3 };
        yield return Of("GRU", [Floats(222, 4, 2, 3), Floats(223, 2, 15, 3), Floats(224, 2, 15, 5), Floats(225, 2, 30)], ("hidden_size", 5), ("direction", "bidirectional"), ("linear_before_reset", 1)) with { OutputCount = 2 };
        yield return Of("RNN", [Floats(226, 4, 2, 3), Floats(227, 1, 5, 3), Floats(228, 1, 5, 5)], ("hidden_size", 5), ("direction", "reverse"), ("activations", new[] { "Relu" })) with { OutputCount = 2 };
        yield return Of("ConvTranspose", [Floats(229, 1, 4, 3, 3), Floats(230, 4, 2, 3, 2), Floats(231, 4)], ("group", 2), ("strides", new[] { 2, 3 }), ("output_padding", new[] { 1, 2 }), ("pads", new[] { 1, 0, 0, 1 }));
        yield return Of("LpPool", [s_x], ("kernel_shape", new[] { 2, 2 }), ("p", 3));
        yield return Of("LRN", [s_x], ("size", 3));
    }

    public static IEnumerable<OnnxNodeCase> Ten()
    {
        yield return Of("Slice", [s_x, Longs(-1, 0), Longs(-100, 5), Longs(2, 3), Longs(-2, 2)]);
        yield return Of("Resize", [s_x, Vector(1, 1, 2, 1.5f)], ("mode", "linear"));
        yield return Of("Resize", [s_x, Vector(1, 1, 2, 1.6f)], ("mode", "nearest"));
        yield return Of("Resize", [Floats(232, 1, 1, 5, 7), Vector(1, 1, 0.6f, 0.4f)], ("mode", "nearest"));
        yield return Of("TopK", [s_x, Longs(3)], ("axis", -1)) with { OutputCount = 2 };
        yield return Of("AveragePool", [s_x], ("kernel_shape", new[] { 2, 2 }), ("strides", new[] { 3, 3 }), ("ceil_mode", 1));
        yield return Of("MaxPool", [s_x], ("kernel_shape", new[] { 2, 2 }), ("dilations", new[] { 2, 3 })) with { OutputCount = 2 };
        yield return Of("QuantizeLinear", [s_x, One(0.03f), One((sbyte)-3)]);
        yield return Of("Mod", [OnnxValue.Of([-7, 7, -7, 7], 4), Ints(3, -3, -3, 3)]);
        yield return Of("Mod", [Vector(-7.5f, 7.5f), Vector(3, -3)], ("fmod", 1));
        yield return Of("RoiAlign", [s_x, OnnxValue.Of([0f, 0, 3, 3], 1, 4), Longs(1)], ("output_height", 2), ("output_width", 2));
        yield return Of("MatMulInteger", [Bytes(233, 3, 4), Bytes(234, 4, 2), One((byte)7)]);
        yield return Of("ThresholdedRelu", [s_x], ("alpha", 0.3f));
        yield return Of("Dropout", [s_x]);
        yield return Of("OneHot", [Longs(0, 2, -1), One(3L), Vector(-1, 5)], ("axis", 0));
        yield return Of("Where", [OnnxValue.Of([true, false, true], 3), Floats(235, 2, 3), Floats(236, 3)]);
    }

    public static IEnumerable<OnnxNodeCase> Twelve()
    {
        yield return Of("Clip", [s_x, One(-0.4f), One(0.6f)]);
        yield return Of("Clip", [OnnxValue.Of([-5, 5, 50], 3), null, One(9)]);
        yield return Of("Split", [s_x], ("axis", -1), ("split", new[] { 1, 4 })) with { OutputCount = 2 };
        yield return Of("Squeeze", [Floats(237, 1, 3, 1)], ("axes", new[] { -1 }));
        yield return Of("Unsqueeze", [Floats(238, 3)], ("axes", new[] { -1 }));
        yield return Of("Softmax", [s_x], ("axis", -2));
        yield return Of("LogSoftmax", [s_x], ("axis", 1));
        yield return Of("Hardmax", [s_x], ("axis", -1));
        yield return Of("ReduceMax", [s_x], ("axes", new[] { -1, 1 }));
        yield return Of("ArgMin", [OnnxValue.Of([1f, 0, 0, 2], 4)], ("axis", 0), ("select_last_index", 1));
        yield return Of("ScatterElements", [s_x, Longs([1, 1, 2, 1], 3, -1), Floats(239, 1, 1, 2, 1)], ("axis", 2));
        yield return Of("DepthToSpace", [Floats(240, 1, 8, 2, 3)], ("blocksize", 2), ("mode", "DCR"));
        yield return Of("Pad", [s_x, Longs(0, 0, 1, 1, 0, 0, 0, 2), One(9f)]);
        yield return Of("CumSum", [s_x, One(2)], ("exclusive", 1), ("reverse", 1));
        yield return Of("Round", [Vector(0.5f, 1.5f, -2.5f, 2.4f)]);
        yield return Of("Celu", [s_x], ("alpha", 2f));
        yield return Of("Pow", [s_x, Ints(2)]);
        yield return Of("GatherND", [s_x, Longs([2, 1, 1], 1, 2)], ("batch_dims", 1));
        yield return Of("Dropout", [s_x, One(0.4f)]) with { OutputCount = 2 };
        yield return Of("BatchNormalization", [s_x, Floats(241, 3), Floats(242, 3), Floats(243, 3), Uniform(244, 0.5f, 2, 3)]);
        yield return Of("Range", [One(1f), One(4.5f), One(0.5f)]);
        yield return Of("MaxUnpool", [Floats(245, 1, 1, 2, 2), Longs([1, 1, 2, 2], 0, 3, 8, 15)], ("kernel_shape", new[] { 2, 2 }), ("strides", new[] { 2, 2 }));
        yield return Of("Einsum", [Floats(246, 2, 3), Floats(247, 3, 2)], ("equation", "ij,ji"));
    }

    /// <summary>Of ai.onnx.ml, what is computed with numbers.</summary>
    public static IEnumerable<OnnxNodeCase> Tables()
    {
        OnnxValue rows = Floats(248, 4, 3);
        yield return Table("Scaler", [rows], ("offset", new[] { 0.5f, 1, 2 }), ("scale", new[] { 2f, 3, 4 }));
        yield return Table("Normalizer", [rows], ("norm", "L2"));
        yield return Table("Normalizer", [rows], ("norm", "L1"));
        yield return Table("Normalizer", [Uniform(249, 0.1f, 1, 4, 3)], ("norm", "MAX"));
        yield return Table("Binarizer", [rows], ("threshold", 0.3f));
        yield return Table("Imputer", [Vector(1, 0, 3)], ("imputed_value_floats", new[] { 7f }), ("replaced_value_float", 0f));
        yield return Table("ArrayFeatureExtractor", [rows, Longs(2, 0)]);
        yield return Table("LabelEncoder", [Longs(5, 6, 9)], ("keys_int64s", new[] { 5, 6 }), ("values_floats", new[] { 0.5f, 0.6f }), ("default_float", -1f));
        yield return Table("OneHotEncoder", [Longs(2, 0, 9)], ("cats_int64s", new[] { 0, 1, 2 }));
        yield return Table("LinearRegressor", [rows], ("coefficients", new[] { 1f, 2, 3, 4, 5, 6 }), ("intercepts", new[] { 0.5f, -0.5f }), ("targets", 2));
        yield return Table("LinearClassifier", [rows], ("coefficients", new[] { 1f, 2, 3, 4, 5, 6, -1, -2, -3 }), ("intercepts", new[] { 0.5f, -0.5f, 0 }), ("classlabels_ints", new[] { 7, 8, 9 }), ("post_transform", "SOFTMAX")) with { OutputCount = 2 };

        static OnnxNodeCase Table(string type, OnnxValue?[] inputs, params (string Name, object Value)[] attributes) => new("ai.onnx.ml", type, inputs, attributes);
    }
}
