using System.Text;
using Pondus.Formats;
using Pondus.Tests.Data;
using Xunit;
using static Pondus.Tests.Formats.PyTorch.TorchSample;

namespace Pondus.Tests.Formats.PyTorch;

/// <summary>Files meant to break the reader: each is refused with its cause, soon and with little memory.</summary>
public sealed class PyTorchHostileTests
{
    public static TheoryData<string, string> Damaged => new()
    {
        { "\u00ff", "expected an opcode of a pickle, got 0xFF. This is no pickle, or it is damaged." },
        { "0", "expected a value on the pickle's stack, got none. The pickle is damaged." },
        { "t", "expected a mark on the pickle's stack, got none. The pickle is damaged." },
        { "(0a", "expected a value on the pickle's stack, got none. The pickle is damaged." },
        { "Na", "expected a value on the pickle's stack, got none. The pickle is damaged." },
        { "NNa", "expected a list to append to, got another value. The pickle is damaged." },
        { "NNNs", "expected a dictionary to add to, got another value. The pickle is damaged." },
        { "}(Nu", "expected keys and values in pairs, got a key alone. The pickle is damaged." },
        { "h\u0007", "expected a remembered value, got number 7, which is none. The pickle is damaged." },
        { "j\u00ff\u00ff\u00ff\u00ff", "expected a remembered value, got number 4294967295, which is none. The pickle is damaged." },
        { "g7x\n", "expected the number of a remembered value, got other text." },
        { "I1x\n", "expected a whole number, got other text." },
        { "Fx\n", "expected a number, got other text." },
        { "\u0080\u0009", "expected a pickle of protocol 0 to 5, got 9." },
        { "\u0082\u0001", "expected classes by name, got a number of Python's extension registry." },
        { "\u0097", "expected all data in the pickle, got a reference to a buffer outside of it." },
        { "X\u00ff\u00ff\u00ff\u007f", "expected 2147483647 bytes of a text or byte string, got 1 to the end. The file is cut short." },
        { "\u008d\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff", "expected 18446744073709551615 bytes of a text or byte string, got 1 to the end. The file is cut short." },
        { "\u008b\u00ff\u00ff\u00ff\u00ff", "expected 4294967295 bytes of a text or byte string, got 1 to the end. The file is cut short." },
        { "NN\u0093", "expected the name of a class, got another value. The pickle is damaged." },
        { "N)R", "expected a class or function to call, got another value." },
        { "NQ", "expected a reference to a storage, got another value." },
        { "(o", "expected a class on the pickle's stack, got none. The pickle is damaged." },
        { "(" + Word("storage") + "ctorch\nFloatStorage\n" + Word("0") + Word("cpu") + Integer(-1) + "tQ", "expected a reference (storage, class, key, device, count), got another one." },
        { "ctorch._utils\n_rebuild_tensor_v2\n)R", "torch._utils._rebuild_tensor_v2: expected a storage, a place in it, sizes and as many strides, got other arguments." },
        { Tensor("0", 2, 0, [2], [1, 1]), "torch._utils._rebuild_tensor_v2: expected a storage, a place in it, sizes and as many strides, got other arguments." },
        { Map("t", Tensor("0", 2, 0, [3], [1])), "tensor 't': expected elements within a storage of 2, got a last one at 2." },
        { Map("t", Tensor("0", 2, 2, [1], [1])), "tensor 't': expected elements within a storage of 2, got a last one at 2." },
        { Map("t", Tensor("0", 2, 0, [2], [long.MaxValue])), "tensor 't': expected elements within a storage of 2, got a last one at 9223372036854775807." },
        { Map("t", Tensor("0", 2, 0, [-1], [1])), "tensor 't': expected sizes, strides and a start from 0 up whose product is below 2^63 bits, got (-1), (1) and 0." },
        { Map("t", Tensor("0", 2, -1, [1], [1])), "tensor 't': expected sizes, strides and a start from 0 up whose product is below 2^63 bits, got (1), (1) and -1." },
        { Map("t", Tensor("0", 2, 1, [2], [-1])), "tensor 't': expected sizes, strides and a start from 0 up whose product is below 2^63 bits, got (2), (-1) and 1." },
        { Map("t", Tensor("0", 2, 0, [long.MaxValue, 4], [0, 0])), "tensor 't': expected sizes, strides and a start from 0 up whose product is below 2^63 bits, got (9223372036854775807, 4), (0, 0) and 0." },
        { Map("t", Tensor("0", 3, 0, [2], [1])), "tensor 't': expected a storage of 3 elements of 4 bytes, got 8 bytes." },
        { Map("t", Tensor("0", long.MaxValue, 0, [2], [1])), "tensor 't': expected a storage of 9223372036854775807 elements of 4 bytes, got 8 bytes." },
        { Map("t", Tensor("1", 2, 0, [2], [1])), "tensor 't': expected its storage '1' in the file, got none." },
        { Map("t", Tensor("../0", 2, 0, [2], [1])), "tensor 't': expected its storage '../0' in the file, got none." },
        // One value, given as a tensor of 4 GB.
        { Map("t", Tensor("0", 2, 0, [1 << 30], [0])), "expected tensors of at most 16 times the " },
        { "}" + string.Concat(Enumerable.Range(0, 10_001).Select(static i => $"ca\nb{i}\n0")), "expected at most 10000 classes and functions, got more." },
    };

    [Theory]
    [MemberData(nameof(Damaged))]
    public void Open_BrokenRule_NamesTheCause(string operations, string message)
    {
        using TestFolder folder = new();
        string path = Archive(folder, operations, 1f, 2f);
        WeightFormatException error = Assert.Throws<WeightFormatException>(() => WeightFile.Open(path));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.InRange(error.Offset, 0, new FileInfo(path).Length);
    }

    [Fact]
    public void Open_PairsOfValuesWhoseNumberOverflows_AreRefused()
    {
        // No elements, so no byte of it has to be there; but twice 2^62 bytes are no size.
        string storage = "(" + Word("storage") + "ctorch.storage\nUntypedStorage\n" + Word("0") + Word("cpu") + Integer(4) + "tQ";
        string tensor = "ctorch._utils\n_rebuild_tensor_v3\n(" + storage + Integer(0) + Integers(0, 1L << 62) + Integers(1, 1) + "\u0089ccollections\nOrderedDict\n)Rctorch\nfloat4_e2m1fn_x2\ntR";
        using TestFolder folder = new();
        string path = Archive(folder, Map("w", tensor), 1f);
        WeightFormatException error = Assert.Throws<WeightFormatException>(() => WeightFile.Open(path));
        Assert.Contains("tensor 'w': expected sizes below 2^62 bytes of two values, got (0, 4611686018427387904).", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_ListNested100000Deep_IsRefused()
    {
        using TestFolder folder = new();
        string path = Archive(folder, new string(']', 100_001) + new string('a', 100_000));
        Assert.Contains("expected values nested at most 200 deep", Assert.Throws<WeightFormatException>(() => WeightFile.Open(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_NameOf5000Letters_IsLeftOutAndSaid()
    {
        using TestFolder folder = new();
        using WeightFile file = WeightFile.Open(Archive(folder, Map(new string('n', 5000), Tensor("0", 1, 0, [1], [1])), 1f));
        Assert.Empty(file.Entries);
        Assert.Equal("a name of more than 4096 letters, below ''.", Assert.Single(file.Remarks).Message);
    }

    [Fact]
    public void Open_ListThatHoldsItself_IsListedOnce()
    {
        using TestFolder folder = new();
        using WeightFile file = WeightFile.Open(Archive(folder, "]q\u0000h\u0000a"));
        Assert.Equal("contains itself; listed once.", Assert.Single(file.Remarks).Message);
    }

    [Fact]
    public void Open_ListsOfListsWithoutEnd_IsRefused()
    {
        // Each list holds the one before ten times: 10^30 elements.
        StringBuilder operations = new("]");
        for (int i = 0; i < 30; i++)
        {
            operations.Append('q').Append((char)i).Append("0](").Insert(operations.Length, $"h{(char)i}", 10).Append('e');
        }

        using TestFolder folder = new();
        Assert.Contains("containers that hold each other so often", Assert.Throws<WeightFormatException>(() => WeightFile.Open(Archive(folder, operations.ToString()))).Message, StringComparison.Ordinal);
    }

    [Theory]
    // Containers, remembered values, copies of a text, copies of pairs, calls: each grows from few bytes.
    [InlineData("]", 4_000_001)]
    [InlineData("Nq\u00000", 4_000_001)]
    [InlineData("N0", 5_000_001)]
    public void Open_ManyOperations_EndsAtALimit(string operation, int count)
    {
        using TestFolder folder = new();
        string path = Archive(folder, string.Concat(Enumerable.Repeat(operation, count)));
        Assert.Contains("expected at most", Assert.Throws<WeightFormatException>(() => WeightFile.Open(path)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("c_codecs\nencode\n", "latin1")]
    [InlineData("ccollections\nOrderedDict\n", "pairs")]
    public void Open_CopiesOfCopies_EndAtALimit(string call, string of)
    {
        string value = of == "latin1" ? Word(new string('x', 1 << 20)) + Word(of) + "\u0086" : "](" + string.Concat(Enumerable.Repeat("NN\u0086", 1 << 16)) + "e\u0085";
        string copies = string.Concat(Enumerable.Repeat("h\u0000h\u0001R0", 1000));
        using TestFolder folder = new();
        string path = Archive(folder, $"{call}q\u00000{value}q\u00010{copies}");
        Assert.Contains("expected at most 200000000 bytes of texts", Assert.Throws<WeightFormatException>(() => WeightFile.Open(path)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(8, 7, "expected 8 bytes of the count of storage '9', got a file of")]
    [InlineData(8, 15, "storage '9': expected 2 elements of 4 bytes, got 2 in a file of")]
    [InlineData(1L << 60, 16, "storage '9': expected 2 elements of 4 bytes, got")]
    public void Open_OlderFormCutShortOrWithAnotherCount_IsRefused(long bytes, int kept, string message)
    {
        using TestFolder folder = new();
        byte[] storages = [.. BitConverter.GetBytes(bytes / 4), .. Singles(1, 2)];
        string path = Legacy(folder, Map("t", Tensor("9", 2, 0, [2], [1])), "](" + Word("9") + "e", storages[..kept]);
        Assert.Contains(message, Assert.Throws<WeightFormatException>(() => WeightFile.Open(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_TwoTensorsOfOneName_KeepsTheFirstAndSaysSo()
    {
        using TestFolder folder = new();
        string path = Archive(folder, "}(" + Word("a.b") + Tensor("0", 2, 0, [1], [1]) + Word("a") + Map("b", Tensor("0", 2, 1, [1], [1])) + "u", 1f, 2f);
        using WeightFile file = WeightFile.Open(path);
        Assert.Equal([1f], file.ReadSingle("a.b"));
        Assert.Equal(WeightRemarkKind.Refused, Assert.Single(file.Remarks).Kind);
    }

    [Fact]
    public void Open_AnyBytesChanged_IsReadOrRefused()
    {
        // 2,000 files, each with up to four bytes of a good one changed, removed or doubled.
        using TestFolder folder = new();
        byte[] good = File.ReadAllBytes(Archive(folder, "}(" + Word("t") + Tensor("0", 6, 0, [2, 3], [3, 1]) + Word("s") + Tensor("0", 6, 0, [3, 2], [1, 3]) + Word("n") + Integer(7) + "u", 1, 2, 3, 4, 5, 6));
        RandomSource random = new(20);
        for (int i = 0; i < 2000; i++)
        {
            string path = folder.Write("mutated.pt", Mutated(good, random));
            try
            {
                using WeightFile file = WeightFile.Open(path);
                foreach (WeightEntry entry in file.Entries)
                {
                    entry.ReadBytes();
                }
            }
            catch (Exception error) when (error is WeightFormatException or NotSupportedException)
            {
                Assert.NotEmpty(error.Message);
            }
        }
    }

    private static byte[] Mutated(byte[] good, RandomSource random)
    {
        List<byte> bytes = [.. good];
        int changes = 1 + random.NextInt32(4);
        for (int i = 0; i < changes; i++)
        {
            int at = random.NextInt32(bytes.Count);
            switch (random.NextInt32(3))
            {
                case 0:
                    bytes[at] = (byte)random.NextInt32(256);
                    break;
                case 1:
                    bytes.RemoveAt(at);
                    break;
                default:
                    bytes.Insert(at, bytes[at]);
                    break;
            }
        }

        return [.. bytes];
    }
}
