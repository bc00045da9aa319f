using Pondus.Onnx;
using static Pondus.Tests.Onnx.OnnxNodeCase;
using static Pondus.Tests.Onnx.OnnxNodeInputs;

namespace Pondus.Tests.Onnx;

/// <summary>Uses of ONNX's own operators that ONNX's tests of version 1.12 do not have.</summary>
internal static class OnnxJudgeCases
{
    public static IEnumerable<OnnxNodeCase> Sampling()
    {
        OnnxValue image = Floats(1, 2, 3, 5, 4), grid = Uniform(2, -1.4f, 1.4f, 2, 3, 6, 2);
        foreach (string mode in new[] { "linear", "nearest", "cubic" })
        {
            foreach (string padding in new[] { "zeros", "border", "reflection" })
            {
                yield return Of("GridSample", [image, grid], ("mode", mode), ("padding_mode", padding), ("align_corners", 0));
                yield return Of("GridSample", [image, grid], ("mode", mode), ("padding_mode", padding), ("align_corners", 1));
            }
        }

        yield return Of("GridSample", [Floats(3, 1, 2, 3, 4, 5), Uniform(4, -1.2f, 1.2f, 1, 2, 3, 2, 3)], ("mode", "linear"), ("padding_mode", "border"));
        yield return Of("AffineGrid", [Floats(5, 2, 2, 3), Longs(2, 3, 4, 5)], ("align_corners", 0));
        yield return Of("AffineGrid", [Floats(6, 2, 2, 3), Longs(2, 3, 4, 5)], ("align_corners", 1));
        yield return Of("AffineGrid", [Floats(7, 1, 3, 4), Longs(1, 2, 3, 4, 5)], ("align_corners", 0));
        OnnxValue regions = OnnxValue.Of([0f, 0, 3, 3, 1, 0.5f, 4.5f, 3.5f, -1, -1, 2, 6], 3, 4);
        yield return Of("RoiAlign", [image, regions, Longs(0, 1, 1)], ("output_height", 2), ("output_width", 3), ("spatial_scale", 0.8f), ("mode", "avg"));
        yield return Of("RoiAlign", [image, regions, Longs(0, 1, 1)], ("output_height", 2), ("output_width", 2), ("sampling_ratio", 2), ("mode", "max"), ("coordinate_transformation_mode", "output_half_pixel"));
        yield return Of("MaxRoiPool", [image, OnnxValue.Of([0f, 0, 0, 3, 3, 1, 1, 0, 2, 4], 2, 5)], ("pooled_shape", new[] { 2, 2 }), ("spatial_scale", 1f));
    }

    public static IEnumerable<OnnxNodeCase> Windows()
    {
        OnnxValue image = Floats(11, 2, 3, 9, 8);
        yield return Of("LpPool", [image], ("kernel_shape", new[] { 3, 2 }), ("p", 2), ("strides", new[] { 2, 3 }), ("pads", new[] { 1, 0, 1, 1 }));
        yield return Of("LpPool", [image], ("kernel_shape", new[] { 2, 2 }), ("p", 1), ("dilations", new[] { 2, 3 }), ("ceil_mode", 1), ("strides", new[] { 2, 2 }));
        yield return Of("LpPool", [image], ("kernel_shape", new[] { 3, 3 }), ("p", 3), ("auto_pad", "SAME_UPPER"), ("strides", new[] { 2, 2 }));
        yield return Of("GlobalLpPool", [image], ("p", 2));
        yield return Of("LpNormalization", [image], ("axis", 1), ("p", 1));
        yield return Of("LpNormalization", [image], ("axis", -1), ("p", 2));
        yield return Of("LRN", [Floats(12, 2, 7, 3, 2)], ("size", 5), ("alpha", 0.1f), ("beta", 0.6f), ("bias", 1.5f));
        yield return Of("MeanVarianceNormalization", [image], ("axes", new[] { 1, 3 }));
        yield return Of("Col2Im", [Floats(13, 1, 12, 12), Longs(5, 5), Longs(2, 2)], ("dilations", new[] { 1, 1 }), ("strides", new[] { 1, 2 }), ("pads", new[] { 0, 1, 0, 1 }));
        yield return Of("CenterCropPad", [Floats(14, 5, 4, 7), Longs(3, 8)], ("axes", new[] { 0, 2 }));
        yield return Of("MaxUnpool", [Floats(15, 1, 1, 2, 2), Longs([1, 1, 2, 2], 5, 7, 13, 15)], ("kernel_shape", new[] { 2, 2 }), ("strides", new[] { 2, 2 }));
        yield return Of("DepthToSpace", [Floats(16, 1, 8, 2, 3)], ("blocksize", 2), ("mode", "CRD"));
        yield return Of("SpaceToDepth", [Floats(17, 1, 2, 4, 6)], ("blocksize", 2));
        yield return Of("Pad", [Floats(18, 2, 3, 4), Longs(1, -1, 3, 0, 0, -2), One(1.5f)], ("mode", "constant"));
        yield return Of("Pad", [Floats(19, 3, 4), Longs(2, 5), null, Longs(1)], ("mode", "wrap"));
        yield return Of("Pad", [Floats(20, 3, 4), Longs(2, 1, 1, 3)], ("mode", "reflect"));
        yield return Of("Pad", [Floats(21, 3, 4), Longs(2, 1, 1, 3)], ("mode", "edge"));
    }

    public static IEnumerable<OnnxNodeCase> Signals()
    {
        yield return Of("DFT", [Floats(31, 2, 12, 3, 1), null, One(1L)]);
        yield return Of("DFT", [Floats(32, 2, 10, 2), null, One(-2L)], ("onesided", 0), ("inverse", 1));
        yield return Of("DFT", [Floats(33, 2, 9, 1), One(7L), One(1L)], ("onesided", 1));
        yield return Of("DFT", [Floats(34, 2, 6, 1), One(8L), One(1L)], ("onesided", 1));
        yield return Of("STFT", [Floats(35, 2, 40, 1), One(6L), Floats(36, 16), One(16L)], ("onesided", 1));
        yield return Of("STFT", [Floats(37, 1, 30, 1), One(5L), null, One(10L)], ("onesided", 0));
        yield return Of("HannWindow", [One(9L)], ("periodic", 0));
        yield return Of("HammingWindow", [One(10L)], ("periodic", 1));
        yield return Of("BlackmanWindow", [One(11L)], ("periodic", 0));
        yield return Of("MelWeightMatrix", [One(6L), One(32L), One(8000L), One(100f), One(3900f)]);
    }

    public static IEnumerable<OnnxNodeCase> Choices()
    {
        OnnxValue x = Floats(41, 3, 4, 5), ties = OnnxValue.Of([3f, 1, 3, 2, 1, 1, 5, 5, 0, 5], 2, 5);
        yield return Of("TopK", [x, Longs(2)], ("axis", 1), ("largest", 0)) with { OutputCount = 2 };
        yield return Of("TopK", [ties, Longs(3)], ("axis", -1)) with { OutputCount = 2 };
        yield return Of("Unique", [ties], ("sorted", 1)) with { OutputCount = 4 };
        yield return Of("Unique", [ties], ("sorted", 0)) with { OutputCount = 4 };
        yield return Of("Unique", [OnnxValue.Of<long>([2, 1, 1, 2, 0, 1, 2, 1, 3], 3, 3)], ("axis", 0)) with { OutputCount = 4 };
        yield return Of("NonZero", [OnnxValue.Of([0f, 1, 0, 2, 3, 0], 2, 3)]);
        yield return Of("Compress", [x, OnnxValue.Of([true, false, true], 3)], ("axis", 1));
        yield return Of("GatherND", [x, Longs([2, 2], 0, 1, 2, -1)]);
        yield return Of("GatherND", [x, Longs([3, 2, 1], 0, -1, 1, 2, 3, 0)], ("batch_dims", 1));
        foreach (string reduction in new[] { "none", "add", "mul", "min", "max" })
        {
            yield return Of("ScatterND", [x, Longs([2, 2], 0, 1, 2, 3), Floats(42, 2, 5)], ("reduction", reduction));
            yield return Of("ScatterElements", [x, Longs([3, 2, 1], 0, 3, 1, 2, 3, 0), Floats(43, 3, 2, 1)], ("axis", 1), ("reduction", reduction));
        }

        yield return Of("ReverseSequence", [x, Longs(2, 1, 4)], ("time_axis", 1), ("batch_axis", 0));
        yield return Of("EyeLike", [Floats(44, 3, 5)], ("k", -1));
        yield return Of("BitwiseAnd", [Bytes(45, 2, 3), Bytes(46, 3)]);
        yield return Of("BitwiseOr", [SignedBytes(47, 2, 3), SignedBytes(48, 2, 1)]);
        yield return Of("BitwiseXor", [Ints(5, -7, 1 << 30), Ints(3)]);
        yield return Of("BitwiseNot", [Ints(5, -7, 0)]);
        yield return Of("NegativeLogLikelihoodLoss", [Floats(49, 2, 3, 4), Longs([2, 4], 0, 1, 2, 2, 1, 0, 0, 2), Vector(1, 2, 3)], ("ignore_index", 1L));
        yield return Of("SoftmaxCrossEntropyLoss", [Floats(50, 2, 3, 4), Longs([2, 4], 0, 1, 2, 2, 1, 0, 0, 2), Vector(1, 2, 3)], ("ignore_index", 0L), ("reduction", "none")) with { OutputCount = 2 };
        OnnxValue boxes = OnnxValue.Of([0f, 0, 1, 1, 0, 0.1f, 1, 1.1f, 0, -0.1f, 1, 0.9f, 0, 10, 1, 11, 0, 10.1f, 1, 11.1f, 0, 100, 1, 101], 1, 6, 4);
        yield return Of("NonMaxSuppression", [boxes, OnnxValue.Of([0.9f, 0.75f, 0.6f, 0.95f, 0.5f, 0.3f], 1, 1, 6), Longs(3), Vector(0.5f), Vector(0.4f)]);
        yield return Of("NonMaxSuppression", [boxes, OnnxValue.Of([0.9f, 0.75f, 0.6f, 0.95f, 0.5f, 0.3f], 1, 1, 6), Longs(3), Vector(0.5f)], ("center_point_box", 1));
    }

    public static IEnumerable<OnnxNodeCase> Sums()
    {
        foreach (string equation in new[] { "ij->ji", "ii->i", "ii", "i...->...", "ij->" })
        {
            yield return Of("Einsum", [Floats(51, 4, 4)], ("equation", equation));
        }

        yield return Of("Einsum", [Floats(52, 2, 3, 4), Floats(53, 2, 4, 5)], ("equation", "bij,bjk->bik"));
        yield return Of("Einsum", [Floats(54, 2, 3, 4), Floats(55, 4, 5)], ("equation", "...ij,jk"));
        yield return Of("Einsum", [Floats(56, 2, 3, 4, 5), Floats(57, 2, 6, 4, 5)], ("equation", "bqhd, bkhd -> bhqk"));
        yield return Of("Einsum", [Floats(58, 3), Floats(59, 4), Floats(60, 3, 4)], ("equation", "i,j,ij->j"));
        yield return Of("Einsum", [OnnxValue.Of([1.5, -2, 3, 4, 5, 6], 2, 3), OnnxValue.Of([1.0, 2, 3], 3)], ("equation", "ij,j->i"));
        yield return Of("Det", [Floats(61, 2, 4, 4)]) with { Tolerance = 1e-4 };
        foreach (string function in new[] { "Asin", "Acos", "Atan", "Sinh", "Cosh", "Tan", "Asinh", "Atanh", "Sign" })
        {
            yield return Of(function, [Uniform(62, -0.9f, 0.9f, 7)]);
        }

        yield return Of("Acosh", [Uniform(63, 1, 5, 7)]);
        yield return Of("Shrink", [Floats(64, 9)], ("lambd", 0.6f), ("bias", 0.3f));
    }

    public static IEnumerable<OnnxNodeCase> Resizing()
    {
        OnnxValue image = Floats(71, 1, 2, 6, 8);
        foreach (string mode in new[] { "nearest", "linear", "cubic" })
        {
            foreach (string transformation in new[] { "half_pixel", "pytorch_half_pixel", "asymmetric", "half_pixel_symmetric" })
            {
                yield return Of("Resize", [image, null, Vector(1, 1, 0.7f, 1.6f)], ("mode", mode), ("coordinate_transformation_mode", transformation));
            }

            yield return Of("Resize", [image, null, null, Longs(1, 2, 9, 5)], ("mode", mode), ("coordinate_transformation_mode", "align_corners"));
            yield return Of("Resize", [image, Vector(0, 0, 0.2f, -0.3f, 1, 1, 0.8f, 1.1f), null, Longs(1, 2, 5, 7)], ("mode", mode), ("coordinate_transformation_mode", "tf_crop_and_resize"), ("extrapolation_value", 10f));
        }

        yield return Of("Resize", [image, null, null, Longs(10, 9)], ("mode", "linear"), ("axes", new[] { 2, 3 }), ("keep_aspect_ratio_policy", "not_larger"));
        yield return Of("Resize", [image, null, null, Longs(10, 9)], ("mode", "nearest"), ("axes", new[] { 3, 2 }), ("keep_aspect_ratio_policy", "not_smaller"));
        yield return Of("Resize", [image, null, Vector(1, 1, 0.5f, 0.5f)], ("mode", "cubic"), ("cubic_coeff_a", -0.5f), ("exclude_outside", 1));
        yield return Of("Resize", [image, null, Vector(1, 1, 0.6f, 0.6f)], ("mode", "linear"), ("antialias", 1));
        yield return Of("Resize", [image, null, Vector(1, 1, 0.5f, 0.5f)], ("mode", "cubic"), ("antialias", 1), ("exclude_outside", 1));
    }
}
