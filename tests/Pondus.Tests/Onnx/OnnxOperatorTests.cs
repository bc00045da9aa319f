using Pondus.Formats.Onnx;
using Pondus.Onnx;
using Xunit;

namespace Pondus.Tests.Onnx;

/// <summary>The less common operators, on numbers worked by hand.</summary>
public sealed class OnnxOperatorTests
{
    private const double Tolerance = 1e-6;

    private static readonly OnnxValue s_square = OnnxValue.Of([1f, 2, 3, 4], 2, 2);

    [Fact]
    public void Integers_SignsOfSmallTypes_AreKept()
    {
        Assert.Equal([-1L], OnnxValue.Of(new sbyte[] { -1 }, 1).Integers());
        Assert.Equal([65535L], OnnxValue.Of(new ushort[] { 65535 }, 1).Integers());
        Assert.Equal([4294967295L], OnnxValue.Of(new uint[] { 4294967295 }, 1).Integers());
        Assert.Throws<OnnxException>(() => OnnxValue.Of(new sbyte[] { -1 }, 1).Data<byte>());
    }

    [Fact]
    public void TopK_EqualElements_TakesTheEarlier()
    {
        OnnxValue?[] y = OnnxOperatorRun.All("TopK", [OnnxValue.Of([1f, 5, 5, 2], 4), OnnxValue.Of<long>([2], 1)]);
        Assert.Equal([5f, 5], y[0]!.Data<float>());
        Assert.Equal([1L, 2], y[1]!.Data<long>());
    }

    [Fact]
    public void Unique_Unsorted_KeepsTheOrderOfFirstUse()
    {
        OnnxValue?[] y = OnnxOperatorRun.All("Unique", [OnnxValue.Of(["b", "a", "b"], 3)], ("sorted", 0));
        Assert.Equal(["b", "a"], y[0]!.Data<string>());
        Assert.Equal([0L, 1], y[1]!.Data<long>());
        Assert.Equal([0L, 1, 0], y[2]!.Data<long>());
        Assert.Equal([2L, 1], y[3]!.Data<long>());
    }

    [Fact]
    public void ScatterND_AddWithOneIndexTwice_AddsBoth() =>
        Assert.Equal([1f, 2 + 10 + 20], OnnxOperatorRun.One("ScatterND", [OnnxValue.Of([1f, 2], 2), OnnxValue.Of<long>([1, 1], 2, 1), OnnxValue.Of([10f, 20], 2)], ("reduction", "add")).Data<float>());

    [Fact]
    public void GatherND_NegativeIndex_CountsFromTheEnd() =>
        Assert.Equal([4f, 2], OnnxOperatorRun.One("GatherND", [s_square, OnnxValue.Of<long>([-1, -1, 0, 1], 2, 2)]).Data<float>());

    [Theory]
    [InlineData("DCR", new[] { 0f, 2, 4, 6, 1, 3, 5, 7 })]
    [InlineData("CRD", new[] { 0f, 1, 2, 3, 4, 5, 6, 7 })]
    public void DepthToSpace_TwoChannelsAfterwards_TakesChannelsInTheModesOrder(string mode, float[] expected) =>
        Assert.Equal(expected, OnnxOperatorRun.One("DepthToSpace", [OnnxValue.Of([0f, 1, 2, 3, 4, 5, 6, 7], 1, 8, 1, 1)], ("blocksize", 2), ("mode", mode)).Data<float>());

    [Fact]
    public void ReverseSequence_Lengths_ReverseTheBeginningOnly() =>
        Assert.Equal([3f, 2, 1, 4], OnnxOperatorRun.One("ReverseSequence", [OnnxValue.Of([1f, 2, 3, 4], 4, 1), OnnxValue.Of<long>([3], 1)]).Data<float>());

    [Fact]
    public void Det_RowsExchanged_ChangesSign() =>
        Assert.Equal([-2f, 2f], OnnxOperatorRun.One("Det", [OnnxValue.Of([1f, 2, 3, 4, 3, 4, 1, 2], 2, 2, 2)]).Data<float>());

    [Theory]
    [InlineData(8)]
    [InlineData(6)]
    [InlineData(5)]
    public void Dft_OneImpulseAtOne_TurnsAround(int length)
    {
        // y_k = exp(-2πik/N), and back again.
        float[] x = new float[length];
        x[1] = 1;
        OnnxValue y = OnnxOperatorRun.One("DFT", [OnnxValue.Of(x, 1, length, 1), null, OnnxValue.Scalar(1L)]);
        for (int k = 0; k < length; k++)
        {
            Assert.Equal(Math.Cos(2 * Math.PI * k / length), y.Data<float>()[2 * k], Tolerance);
            Assert.Equal(-Math.Sin(2 * Math.PI * k / length), y.Data<float>()[(2 * k) + 1], Tolerance);
        }

        float[] back = OnnxOperatorRun.One("DFT", [y, null, OnnxValue.Scalar(1L)], ("inverse", 1)).Data<float>();
        Assert.All(Enumerable.Range(0, length), k => Assert.Equal(x[k], back[2 * k], Tolerance));
    }

    [Fact]
    public void HannWindow_FivePeriodic_IsASineSquared() =>
        Assert.All(OnnxOperatorRun.One("HannWindow", [OnnxValue.Scalar(5L)]).Data<float>().Select(static (value, i) => (value, i)), static pair => Assert.Equal(Math.Pow(Math.Sin(Math.PI * pair.i / 5), 2), pair.value, Tolerance));

    [Fact]
    public void GridSample_CenterOfFourPixels_IsTheirMean() =>
        Assert.Equal([2.5f], OnnxOperatorRun.One("GridSample", [s_square.Reshaped(1, 1, 2, 2), OnnxValue.Of([0f, 0], 1, 1, 1, 2)]).Data<float>());

    [Fact]
    public void NonMaxSuppression_OverlappingBoxes_KeepsTheBetter()
    {
        // The second box covers the first but for a tenth: 0.9/1.1 > 0.5.
        OnnxValue boxes = OnnxValue.Of([0f, 0, 1, 1, 0, 0.1f, 1, 1.1f, 0, 5, 1, 6], 1, 3, 4), scores = OnnxValue.Of([0.5f, 0.9f, 0.2f], 1, 1, 3);
        OnnxValue y = OnnxOperatorRun.One("NonMaxSuppression", [boxes, scores, OnnxValue.Of<long>([10], 1), OnnxValue.Of([0.5f], 1)]);
        Assert.Equal([0L, 0, 1, 0, 0, 2], y.Data<long>());
    }

    [Theory]
    [InlineData(13, -1, 0.5f)]
    [InlineData(11, -1, 0.5f)]
    [InlineData(11, 0, 0.5f)]
    [InlineData(11, 1, 1f)]
    public void Softmax_Vector_CountsTheAxisFromItsEnd(long opset, int axis, float expected) =>
        Assert.Equal([expected, expected], OnnxOperatorRun.All("Softmax", opset, [OnnxValue.Of([3f, 3], 2)], ("axis", axis))[0]!.Data<float>());

    [Fact]
    public void Pow_HalfExponent_HasTheTypeOfTheBase()
    {
        // 1.0005 is no float16.
        Assert.Equal([1.0005f], OnnxOperatorRun.One("Pow", [OnnxValue.Of([1.0005f], 1), OnnxValue.Scalar((Half)1)]).Data<float>());
        Assert.Equal([(Half)9], OnnxOperatorRun.One("Pow", [OnnxValue.Of([(Half)3], 1), OnnxValue.Scalar(2f)]).Data<Half>());
    }

    [Fact]
    public void SoftmaxCrossEntropyLoss_EqualScores_IsTheLogarithmOfTheirNumber() =>
        Assert.Equal(Math.Log(2), OnnxOperatorRun.One("SoftmaxCrossEntropyLoss", [OnnxValue.Of([1f, 1, 7, 7], 2, 2), OnnxValue.Of<long>([0, 1], 2)]).Data<float>()[0], Tolerance);

    [Fact]
    public void Adam_FirstStep_HasNoCorrection()
    {
        // v = 0.1 * 2 = 0.2; h = 0.001 * 4 = 0.004; x = 1 - 0.5 * 0.2 / (√0.004 + 1e-6).
        OnnxValue?[] y = OnnxOperatorRun.All("ai.onnx.preview.training.Adam", [OnnxValue.Scalar(0.5f), OnnxValue.Scalar(0L), OnnxValue.Of([1f], 1), OnnxValue.Of([2f], 1), OnnxValue.Of([0f], 1), OnnxValue.Of([0f], 1)]);
        Assert.Equal(1 - (0.1 / (Math.Sqrt(0.004) + 1e-6)), y[0]!.Data<float>()[0], 1e-4);
        Assert.Equal(0.2f, y[1]!.Data<float>()[0], Tolerance);
        Assert.Equal(0.004f, y[2]!.Data<float>()[0], Tolerance);
    }

    [Fact]
    public void SequenceInsertAndErase_Positions_CountFromEitherEnd()
    {
        OnnxValue list = OnnxValue.Sequence([OnnxValue.Scalar(1f), OnnxValue.Scalar(2f)]);
        OnnxValue longer = OnnxOperatorRun.One("SequenceInsert", [list, OnnxValue.Scalar(9f), OnnxValue.Scalar(-1L)]);
        Assert.Equal([1f, 9, 2], longer.Items.Select(static item => item.Data<float>()[0]));
        Assert.Equal([9f, 2], OnnxOperatorRun.One("SequenceErase", [longer, OnnxValue.Scalar(0L)]).Items.Select(static item => item.Data<float>()[0]));
    }

    [Fact]
    public void SplitToSequence_Chunks_LeaveARest()
    {
        OnnxValue parts = OnnxOperatorRun.One("SplitToSequence", [OnnxValue.Of([1f, 2, 3], 3), OnnxValue.Scalar(2L)]);
        Assert.Equal([[1f, 2], [3f]], parts.Items.Select(static item => item.Data<float>()));
    }

    [Fact]
    public void StringSplit_Spaces_FillUpShorterLists()
    {
        OnnxValue?[] y = OnnxOperatorRun.All("StringSplit", [OnnxValue.Of([" a  b", "c", ""], 3)]);
        Assert.Equal(["a", "b", "c", "", "", ""], y[0]!.Data<string>());
        Assert.Equal([2L, 1, 0], y[1]!.Data<long>());
    }

    [Fact]
    public void RegexFullMatch_WholeText_MustMatch() =>
        Assert.Equal([true, false], OnnxOperatorRun.One("RegexFullMatch", [OnnxValue.Of(["ab12", "ab12x"], 2)], ("pattern", "[a-z]+[0-9]+")).Data<bool>());

    [Fact]
    public void Bernoulli_Seed_GivesTheShareAndTheSameEachRun()
    {
        OnnxValue chances = OnnxValue.Of([.. Enumerable.Repeat(0.25f, 10000)], 10000);
        float[] y = OnnxOperatorRun.One("Bernoulli", [chances], ("seed", 3f)).Data<float>();
        Assert.Equal(y, OnnxOperatorRun.One("Bernoulli", [chances], ("seed", 3f)).Data<float>());
        // Five deviations of 10,000 draws: 5 * √(0.25 * 0.75 / 10000).
        Assert.Equal(0.25, y.Average(), 0.022);
    }

    [Fact]
    public void LabelEncoder_UnknownKey_IsTheDefault() =>
        Assert.Equal([20L, -7], OnnxOperatorRun.One("ai.onnx.ml.LabelEncoder", [OnnxValue.Of(["b", "z"], 2)], ("keys_strings", new[] { "a", "b" }), ("values_int64s", new long[] { 10, 20 }), ("default_int64", -7)).Data<long>());

    [Fact]
    public void LinearClassifier_OneRowForTwoClasses_ScoresTheFirstNegatively()
    {
        OnnxValue?[] y = OnnxOperatorRun.All("ai.onnx.ml.LinearClassifier", [OnnxValue.Of([2f, -2], 2, 1)], ("coefficients", new[] { 3f }), ("intercepts", new[] { 1f }), ("classlabels_strings", new[] { "no", "yes" }));
        Assert.Equal(["yes", "no"], y[0]!.Data<string>());
        Assert.Equal([-7f, 7, 5, -5], y[1]!.Data<float>());
    }

    public static TheoryData<string, string> Wrong => new()
    {
        { "TopK", "k from 0 to the axis's 2" },
        { "EyeLike", "expected a matrix" },
        { "Det", "expected square matrices" },
        { "BitShift", "expected direction LEFT or RIGHT" },
        { "GatherND", "expected an index from -2 to 1" },
        { "CenterCropPad", "expected a size from 0" },
        { "RegexFullMatch", "expected a regular expression" },
        { "SequenceAt", "expected a position in a sequence of 1" },
        { "Pad", "expected 4 pads" },
        { "QuantizeLinear", "expected scales and zero points for axis 1" },
        { "MatMulInteger", "expected matrices (m, k) and (k, n)" },
        { "ConvInteger", "expected (batch, channel, ...) and weights" },
        { "HannWindow", "expected a size from 0" },
        { "NegativeLogLikelihoodLoss", "expected an index from -2 to 1" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Run_WhatNoOperatorCanTake_IsRefusedWithReason(string type, string reason)
    {
        OnnxException error = Assert.Throws<OnnxException>(() => OnnxOperatorRun.All(type, Inputs(type), type == "RegexFullMatch" ? [("pattern", (object)"(a)\\1")] : []));
        Assert.StartsWith(type, error.Message, StringComparison.Ordinal);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    private static OnnxValue?[] Inputs(string type) => type switch
    {
        "TopK" => [s_square, OnnxValue.Of<long>([long.MaxValue], 1)],
        "GatherND" => [s_square, OnnxValue.Of([long.MinValue], 1, 1)],
        "CenterCropPad" => [s_square, OnnxValue.Of([long.MaxValue, -1], 2)],
        "RegexFullMatch" => [OnnxValue.Of(["a"], 1)],
        "SequenceAt" => [OnnxValue.Sequence([s_square]), OnnxValue.Scalar(long.MinValue)],
        "Pad" => [s_square, OnnxValue.Of<long>([1], 1)],
        "QuantizeLinear" => [s_square, OnnxValue.Of([1f, 2, 3], 3)],
        "MatMulInteger" => [OnnxValue.Of(new byte[2], 2), OnnxValue.Of(new byte[3], 3)],
        "ConvInteger" => [OnnxValue.Of(new byte[4], 1, 1, 2, 2), OnnxValue.Of(new byte[8], 1, 2, 2, 2)],
        "HannWindow" => [OnnxValue.Scalar(-1L)],
        "NegativeLogLikelihoodLoss" => [s_square, OnnxValue.Of<long>([0, 2], 2)],
        "BitShift" => [OnnxValue.Of(new byte[2], 2), OnnxValue.Of(new byte[2], 2)],
        "Det" => [OnnxValue.Of(new float[6], 2, 3)],
        _ => [OnnxValue.Of(new float[2], 2)],
    };
}
