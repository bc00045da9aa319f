using System.Buffers.Binary;
using System.Security.Cryptography;
using Pondus.Data;
using Xunit;

namespace Pondus.Tests.Data;

public sealed class DatasetTests
{
    [Fact]
    public void Take_SomeSamples_CopiesTheirRowsInThatOrder()
    {
        Dataset data = new([1, 2, 3, 4, 5, 6], [2], [0, 1, 0], ["no", "yes"], ["x", "y"]);
        Dataset part = data.Take([2, 0, 2]);
        Assert.Equal([5f, 6, 1, 2, 5, 6], part.Inputs);
        Assert.Equal([0, 0, 0], part.Labels!);
        Assert.Equal(["no", "yes"], part.ClassNames);
        Assert.Equal(["x", "y"], part.InputNames);
        Assert.Equal(3, part.Count);
        Dataset regression = new([1, 2, 3], [1], [10, 11, 20, 21, 30, 31], [2]);
        Assert.Equal([20f, 21], regression.Take([1]).Targets!);
        Assert.Equal(0, regression.Take([]).Count);
    }

    [Fact]
    public void Constructor_LabelWithoutName_NamesTheSample()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => new Dataset([1, 2], [1], [0, 2], ["a", "b"]));
        Assert.StartsWith("Dataset: expected labels from 0 to 1, got 2 at sample 1.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Constructor_OtherLength_ShowsBoth()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => new Dataset([1, 2, 3], [2], [0, 0], ["a"]));
        Assert.StartsWith("Dataset: expected 2 samples of (2), got 3 values.", error.Message, StringComparison.Ordinal);
        error = Assert.Throws<ArgumentException>(() => new Dataset([1, 2], [1], [1, 2, 3], [2]));
        Assert.StartsWith("Dataset: expected 1 samples of (1), got 2 values.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Sha256_SmallSet_HashesTheDocumentedBytes()
    {
        // count 1, rank 1, size 2, 1 class, 1 byte "a", rank 0 of the target, the inputs, the label.
        byte[] bytes = new byte[37];
        int[] head = [1, 1, 2, 1, 1];
        for (int i = 0; i < head.Length; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4 * i), head[i]);
        }

        bytes[20] = (byte)'a';
        BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(25), 0.5f);
        BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(29), -3f);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes)), new Dataset([0.5f, -3f], [2], [0], ["a"]).Sha256());
    }

    [Fact]
    public void Sha256_OneValueOrNameChanged_Differs()
    {
        string hash = new Dataset(new float[40_000], [2], new int[20_000], ["a", "b"]).Sha256();
        float[] changed = new float[40_000];
        changed[^1] = float.Epsilon;
        Assert.NotEqual(hash, new Dataset(changed, [2], new int[20_000], ["a", "b"]).Sha256(), StringComparer.Ordinal);
        Assert.NotEqual(hash, new Dataset(new float[40_000], [2], new int[20_000], ["a", "c"]).Sha256(), StringComparer.Ordinal);
        Assert.NotEqual(hash, new Dataset(new float[40_000], [1, 2], new int[20_000], ["a", "b"]).Sha256(), StringComparer.Ordinal);
        Assert.Equal(hash, new Dataset(new float[40_000], [2], new int[20_000], ["a", "b"]).Sha256());
    }
}
