using Pondus.Formats;
using Pondus.Tests.Data;
using Xunit;
using static Pondus.Tests.Formats.PyTorch.TorchSample;

namespace Pondus.Tests.Formats.PyTorch;

public sealed class SparseTensorTests
{
    [Fact]
    public void Open_CoordinateTensor_IsGivenDense()
    {
        using TestFolder folder = new();
        using WeightFile file = WeightFile.Open(Coordinates(folder, [2, 3], coalesced: true, 0, 1, 2, 0));
        // Values 5 and 7 at (0, 2) and (1, 0).
        Assert.Equal([0f, 0f, 5f, 7f, 0f, 0f], file.ReadSingle("s"));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(-1)]
    public void Read_IndexOutsideOfTheTensor_IsRefused(long index)
    {
        using TestFolder folder = new();
        using WeightFile file = WeightFile.Open(Coordinates(folder, [2, 3], coalesced: true, 0, 1, index, 0));
        Assert.EndsWith($"tensor 's': expected indices below 3, got {index}.", Assert.Throws<WeightFormatException>(() => file.ReadSingle("s")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, 2)]
    [InlineData(true, 1L << 40)]
    public void Open_PlacesGivenTwiceOrAHugeTensor_ListsItsParts(bool coalesced, long rows)
    {
        using TestFolder folder = new();
        using WeightFile file = WeightFile.Open(Coordinates(folder, [rows, 3], coalesced, 0, 1, 2, 0));
        Assert.Equal(["s.indices int64 (2, 2)", "s.values float32 (2)"], file.Entries.Select(static entry => entry.ToString()));
    }

    private static string Coordinates(TestFolder folder, long[] shape, bool coalesced, params long[] indices)
    {
        string layout = "ctorch.serialization\n_get_layout\n" + Word("torch.sparse_coo") + "\u0085R";
        string tensor = "ctorch._utils\n_rebuild_sparse_tensor\n" + layout + "(" + Tensor("0", 4, 0, [2, 2], [2, 1], "LongStorage") + Tensor("1", 2, 0, [2], [1])
            + "ctorch\nSize\n" + Integers(shape) + "\u0085R" + (coalesced ? "\u0088" : "\u0089") + "t\u0086R";
        return Archive(folder, Pickle(Map("s", tensor)), ("data/0", [.. indices.SelectMany(BitConverter.GetBytes)]), ("data/1", Singles(5, 7)));
    }
}
