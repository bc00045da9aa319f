using Pondus.Formats.Onnx;
using Pondus.Onnx;
using Xunit;

namespace Pondus.Tests.Onnx;

/// <summary>A number in a graph does not take all memory.</summary>
public sealed class OnnxSizeLimitTests
{
    [Fact]
    public void Count_MoreThanAnOperatorMakes_IsRefused()
    {
        Assert.Equal(1 << 27, OnnxStorage.Count([1 << 14, 1 << 13]));
        OnnxException error = Assert.Throws<OnnxException>(() => OnnxStorage.Count([1 << 14, (1 << 13) + 1]));
        Assert.Equal("OnnxValue: expected at most 134217728 elements, got (16384, 8193).", error.Message);
    }

    [Theory]
    [InlineData(134_217_729)]
    [InlineData(int.MaxValue)]
    [InlineData(long.MaxValue)]
    public void Range_HugeLimit_IsRefusedBeforeMemoryIsTaken(long limit)
    {
        OnnxNode node = new() { OpType = "Range" };
        OnnxCall call = new(node, 11, [OnnxValue.Scalar(0L), OnnxValue.Scalar(limit), OnnxValue.Scalar(1L)]);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<OnnxException>(() => new OnnxOperators().Find(string.Empty, "Range")!(call));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 16 << 20);
    }

    [Fact]
    public void ConstantOfShape_HugeSize_IsRefusedBeforeMemoryIsTaken()
    {
        // The size that a damaged graph asked for.
        OnnxCall call = new(new OnnxNode { OpType = "ConstantOfShape" }, 11, [OnnxValue.Of(new[] { 171_638_785L }, 1)]);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<OnnxException>(() => new OnnxOperators().Find(string.Empty, "ConstantOfShape")!(call));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 16 << 20);
    }
}
