using Pondus.Formats.Onnx;
using Pondus.Onnx;
using Xunit;

namespace Pondus.Tests.Onnx;

/// <summary>Operators between numbers and steps, on numbers worked by hand.</summary>
public sealed class QuantizedOperatorTests
{
    private const double Tolerance = 1e-6;

    [Fact]
    public void QuantizeLinear_Halves_RoundToEvenAndSaturate()
    {
        // 0.5/1 = 0.5 to 0; 1.5 to 2; 2.5 to 2; -300 and 300 beyond int8.
        OnnxValue y = OnnxOperatorRun.One("QuantizeLinear", [OnnxValue.Of([0.5f, 1.5f, 2.5f, -300f, 300f], 5), OnnxValue.Scalar(1f), OnnxValue.Scalar((sbyte)0)]);
        Assert.Equal(new sbyte[] { 0, 2, 2, -128, 127 }, y.Data<sbyte>());
    }

    [Fact]
    public void QuantizeLinear_NotANumber_IsTheLowestStep() =>
        Assert.Equal(new sbyte[] { -128, -128 }, OnnxOperatorRun.One("QuantizeLinear", [OnnxValue.Of([float.NaN, float.NegativeInfinity], 2), OnnxValue.Scalar(float.PositiveInfinity), OnnxValue.Scalar((sbyte)0)]).Data<sbyte>());

    [Fact]
    public void QuantizeLinear_ScalePerRow_UsesEachRowsOwn()
    {
        OnnxValue y = OnnxOperatorRun.One("QuantizeLinear", [OnnxValue.Of([1f, 2, 1, 2], 2, 2), OnnxValue.Of([1f, 0.5f], 2), OnnxValue.Of(new byte[] { 10, 0 }, 2)], ("axis", 0));
        Assert.Equal(new byte[] { 11, 12, 2, 4 }, y.Data<byte>());
    }

    [Fact]
    public void DequantizeLinear_Blocks_ShareAScale()
    {
        // Columns 0 and 1 are one block, 2 the next: (q - 1) * scale.
        OnnxValue y = OnnxOperatorRun.One(
            "DequantizeLinear",
            [OnnxValue.Of(new byte[] { 1, 2, 3, 4, 5, 6 }, 2, 3), OnnxValue.Of([1f, 10f, 2f, 20f], 2, 2), OnnxValue.Of(new byte[] { 1, 1, 1, 1 }, 2, 2)],
            ("axis", 1),
            ("block_size", 2));
        Assert.Equal([0f, 1, 20, 6, 8, 100], y.Data<float>());
    }

    [Theory]
    [InlineData(OnnxType.Int4, new[] { -8f, 7, 2 })]
    [InlineData(OnnxType.UInt4, new[] { 0f, 15, 2 })]
    [InlineData(OnnxType.Int2, new[] { -2f, 1, 1 })]
    [InlineData(OnnxType.UInt2, new[] { 0f, 3, 2 })]
    [InlineData(OnnxType.Float4E2M1, new[] { -6f, 6, 2 })]
    [InlineData(OnnxType.Float8E4M3FN, new[] { -96f, 96, 2 })]
    [InlineData(OnnxType.Float8E5M2, new[] { -96f, 96, 2 })]
    public void QuantizeLinear_SmallTypes_KeepTheNearestOfTheirValues(OnnxType type, float[] expected)
    {
        // -100 and 100 lie beyond 4 bits; float8 e4m3 has 96 and 104 beside 100, of which 96 is even, and e5m2 96 and 112.
        OnnxValue steps = OnnxOperatorRun.One("QuantizeLinear", [OnnxValue.Of([-100f, 100f, 2f], 3), OnnxValue.Scalar(1f)], ("output_dtype", (int)type));
        Assert.Equal(type, steps.Type);
        Assert.Equal(expected, OnnxOperatorRun.One("DequantizeLinear", [steps, OnnxValue.Scalar(1f)]).Data<float>());
    }

    [Fact]
    public void DynamicQuantizeLinear_MinusOneToThree_SpreadsOver255Steps()
    {
        // scale 4/255, zero round(255/4) = 64.
        OnnxValue?[] outputs = OnnxOperatorRun.All("DynamicQuantizeLinear", [OnnxValue.Of([-1f, 0, 3], 3)]);
        Assert.Equal(4f / 255, outputs[1]!.Data<float>()[0], Tolerance);
        Assert.Equal(64, outputs[2]!.Data<byte>()[0]);
        Assert.Equal(new byte[] { 0, 64, 255 }, outputs[0]!.Data<byte>());
    }

    [Fact]
    public void MatMulInteger_ZeroPoints_AreSubtractedFirst()
    {
        // (3-1, 4-1) times (5-2, 6-2): 2*3 + 3*4 = 18.
        OnnxValue y = OnnxOperatorRun.One("MatMulInteger", [OnnxValue.Of(new byte[] { 3, 4 }, 1, 2), OnnxValue.Of(new byte[] { 5, 6 }, 2, 1), OnnxValue.Scalar((byte)1), OnnxValue.Scalar((byte)2)]);
        Assert.Equal([18], y.Data<int>());
    }

    [Fact]
    public void QLinearConv_OneWindow_SumsScalesAndShifts()
    {
        // (1+2+3+4) * 2 + bias 10 = 30 in 32 bits; * 0.5 * 0.1 / 0.25 = 6; + zero 100.
        OnnxValue y = OnnxOperatorRun.One(
            "QLinearConv",
            [OnnxValue.Of(new byte[] { 1, 2, 3, 4 }, 1, 1, 2, 2), OnnxValue.Scalar(0.5f), OnnxValue.Scalar((byte)0), OnnxValue.Of(new sbyte[] { 2, 2, 2, 2 }, 1, 1, 2, 2), OnnxValue.Scalar(0.1f), OnnxValue.Scalar((sbyte)0), OnnxValue.Scalar(0.25f), OnnxValue.Scalar((byte)100), OnnxValue.Of([10], 1)]);
        Assert.Equal(new byte[] { 106 }, y.Data<byte>());
    }

    [Fact]
    public void QLinearConv_Padding_CountsAsTheZeroPoint()
    {
        // One pixel of value 7 - 5 = 2 under the middle of a 3 by 3 window of ones; all around is zero, not -5.
        OnnxValue y = OnnxOperatorRun.One("ConvInteger", [OnnxValue.Of(new byte[] { 7 }, 1, 1, 1, 1), OnnxValue.Of(new byte[] { 1, 1, 1, 1, 1, 1, 1, 1, 1 }, 1, 1, 3, 3), OnnxValue.Scalar((byte)5)], ("pads", new long[] { 1, 1, 1, 1 }));
        Assert.Equal([2], y.Data<int>());
    }

    [Fact]
    public void MatMulNBits_TwoStepsAByte_LowHalfFirst()
    {
        // One row of 16 weights, steps 8 but for 9 and 6 in front: (9-8) * 2 = 2 and (6-8) * 2 = -4; x has ones there.
        byte[] packed = [0x69, .. Enumerable.Repeat((byte)0x88, 7)];
        float[] x = new float[16];
        (x[0], x[1]) = (1, 10);
        OnnxValue y = OnnxOperatorRun.One("com.microsoft.MatMulNBits", [OnnxValue.Of(x, 1, 16), OnnxValue.Of(packed, 1, 1, 8), OnnxValue.Of([2f], 1)], ("K", 16), ("N", 1), ("bits", 4), ("block_size", 16));
        Assert.Equal([2f - 40], y.Data<float>());
    }

    [Fact]
    public void QGemm_WithoutOutputScale_GivesNumbers()
    {
        // (2*3 + 4*5 + 1) * 0.5 * 0.1 = 1.35.
        OnnxValue y = OnnxOperatorRun.One(
            "com.microsoft.QGemm",
            [OnnxValue.Of(new byte[] { 2, 4 }, 1, 2), OnnxValue.Scalar(0.5f), OnnxValue.Scalar((byte)0), OnnxValue.Of(new sbyte[] { 3, 5 }, 1, 2), OnnxValue.Scalar(0.1f), OnnxValue.Scalar((sbyte)0), OnnxValue.Of([1], 1)],
            ("transB", 1));
        Assert.Equal(1.35f, y.Data<float>()[0], Tolerance);
    }
}
