using Pondus.Formats;
using Pondus.Formats.PyTorch;
using Pondus.Tests.Data;
using Xunit;
using static Pondus.Tests.Formats.PyTorch.TorchSample;

namespace Pondus.Tests.Formats.PyTorch;

public sealed class PyTorchFileTests
{
    [Fact]
    public void Open_Views_ReadsThemRowByRow()
    {
        // Six values as 2 rows of 3: whole, transposed, the second row, every second value, one value twice.
        using TestFolder folder = new();
        string path = Archive(folder,
            "}(" + Word("whole") + Tensor("0", 6, 0, [2, 3], [3, 1]) + Word("transposed") + Tensor("0", 6, 0, [3, 2], [1, 3]) + Word("row") + Tensor("0", 6, 3, [3], [1])
            + Word("step") + Tensor("0", 6, 0, [3], [2]) + Word("twice") + Tensor("0", 6, 5, [2], [0]) + Word("number") + Tensor("0", 6, 4, [], []) + "u",
            1, 2, 3, 4, 5, 6);
        using WeightFile file = WeightFile.Open(path);
        Assert.Equal("pytorch", file.Format);
        Assert.Equal([1f, 2f, 3f, 4f, 5f, 6f], file.ReadSingle("whole"));
        Assert.Equal([1f, 4f, 2f, 5f, 3f, 6f], file.ReadSingle("transposed"));
        Assert.Equal([4f, 5f, 6f], file.ReadSingle("row"));
        Assert.Equal([1f, 3f, 5f], file.ReadSingle("step"));
        Assert.Equal([6f, 6f], file.ReadSingle("twice"));
        Assert.Equal([5f], file.ReadSingle("number"));
        Assert.Equal("shares its storage with 'transposed', 'row', 'step' and 2 more.", Assert.Single(file.Remarks).Message);
    }

    [Fact]
    public void Read_PartOfAView_GivesTheSameBytesAsTheWhole()
    {
        using TestFolder folder = new();
        string path = Archive(folder, Map("t", Tensor("0", 24, 0, [4, 3, 2], [1, 8, 4])), [.. Enumerable.Range(0, 24).Select(static i => i * 0.5f)]);
        using WeightFile file = WeightFile.Open(path);
        WeightEntry entry = file.Find("t")!;
        byte[] whole = entry.ReadBytes();
        for (int offset = 0; offset < whole.Length; offset++)
        {
            for (int length = 1; length <= whole.Length - offset; length += 5)
            {
                byte[] part = new byte[length];
                entry.Read(offset, part);
                Assert.Equal(whole[offset..(offset + length)], part);
            }
        }
    }

    [Fact]
    public void Open_BigEndianArchive_TurnsTheBytes()
    {
        using TestFolder folder = new();
        byte[] big = [.. Singles(1.5f).Reverse(), .. Singles(-2f).Reverse()];
        string path = Archive(folder, Pickle(Map("t", Tensor("0", 2, 0, [2], [1]))), ("data/0", big), ("byteorder", "big"u8.ToArray()));
        using WeightFile file = WeightFile.Open(path);
        Assert.Equal([1.5f, -2f], file.ReadSingle("t"));
    }

    [Fact]
    public void Open_StorageOfADeviceThatIsNotThere_IsReadAllTheSame()
    {
        using TestFolder folder = new();
        string tensor = "ctorch._utils\n_rebuild_tensor\n(" + Storage("0", 1, device: "cuda:7") + Integer(0) + Integers(1) + Integers(1) + "tR";
        using WeightFile file = WeightFile.Open(Archive(folder, Map("t", tensor), 8f));
        Assert.Equal([8f], file.ReadSingle("t"));
    }

    [Fact]
    public void Open_OneTensor_IsNamedTensor()
    {
        using TestFolder folder = new();
        using WeightFile file = WeightFile.Open(Archive(folder, Tensor("0", 1, 0, [1], [1]), 8f));
        Assert.Equal("tensor float32 (1)", Assert.Single(file.Entries).ToString());
    }

    [Fact]
    public void Open_NumbersBesideTensors_AreMetadata()
    {
        using TestFolder folder = new();
        string path = Archive(folder, "}(" + Word("epoch") + Integer(12) + Word("lr") + "G?\u00f0\u0000\u0000\u0000\u0000\u0000\u0000" + Word("done") + "\u0088" + Word("none") + "N"
            + Word("big") + "\u008a\u0009\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0001" + Word("list") + "](" + Integer(-1) + Word("größe") + "e"
            + Word("long") + "](" + string.Concat(Enumerable.Repeat(Integer(7), 65)) + "eu");
        using WeightFile file = WeightFile.Open(path);
        Assert.Empty(file.Entries);
        Assert.Equal("12", file.Metadata["epoch"]);
        Assert.Equal("1", file.Metadata["lr"]);
        Assert.Equal("true", file.Metadata["done"]);
        Assert.Equal("null", file.Metadata["none"]);
        // 2^64
        Assert.Equal("18446744073709551616", file.Metadata["big"]);
        Assert.Equal("-1", file.Metadata["list[0]"]);
        Assert.Equal("größe", file.Metadata["list[1]"]);
        Assert.Equal("list of 65 integers", file.Metadata["long"]);
    }

    [Fact]
    public void Open_OlderFormWithAViewOfAStorage_ReadsTheView()
    {
        // The reference has a sixth part: (key of the view, its start, its count).
        using TestFolder folder = new();
        string storage = "(" + Word("storage") + "ctorch\nFloatStorage\n" + Word("9") + Word("cpu") + Integer(4) + "(" + Word("8") + Integer(1) + Integer(2) + "ttQ";
        string tensor = "ctorch._utils\n_rebuild_tensor\n(" + storage + Integer(0) + Integers(2) + Integers(1) + "tR";
        string path = Legacy(folder, Map("t", tensor), "](" + Word("9") + "e", [.. BitConverter.GetBytes(4L), .. Singles(1, 2, 3, 4)]);
        using WeightFile file = WeightFile.Open(path);
        Assert.Equal([2f, 3f], file.ReadSingle("t"));
    }

    [Theory]
    [InlineData("(lp0\nF1.5\naI7\naI01\naL8L\naS'a'\naVb\na", "1.5 7 true 8 a b")]
    [InlineData("(I1\nI2\nt", "1 2")]
    [InlineData("(dS'k'\nI3\ns", "3")]
    public void Open_PicklesOfProtocol0_AreRead(string operations, string expected)
    {
        using TestFolder folder = new();
        using WeightFile file = WeightFile.Open(Archive(folder, System.Text.Encoding.Latin1.GetBytes(operations + ".")));
        Assert.Equal(expected, string.Join(' ', file.Metadata.Values));
    }

    [Fact]
    public void Open_ConstantsOfAScript_AreListedAndItsCodeIsNot()
    {
        using TestFolder folder = new();
        string module = "c__torch__.vad\nNet\n)\u0081}" + Word("weight") + Tensor("0", 1, 0, [1], [1]) + "sb";
        string path = Archive(folder, Pickle(module), ("data/0", Singles(4)), ("constants.pkl", Pickle(Tensor("0", 1, 0, [1], [1]) + "\u0085")), ("constants/0", Singles(5)), ("code/x.py", "os.system()"u8.ToArray()));
        using WeightFile file = WeightFile.Open(path);
        Assert.Equal([4f], file.ReadSingle("weight"));
        Assert.Equal([5f], file.ReadSingle("constants[0]"));
        Assert.Contains(file.Remarks, static remark => remark.Subject == "code/");
        Assert.DoesNotContain(file.Remarks, static remark => remark.Kind == WeightRemarkKind.Threat);
    }
}
