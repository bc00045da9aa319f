using System.Buffers.Binary;
using System.Text;
using Pondus.Formats;
using Pondus.Formats.Safetensors;
using Pondus.Tests.Data;
using Xunit;

namespace Pondus.Tests.Formats.Safetensors;

/// <summary>Files meant to break the reader: each must be refused with a message that names the byte and the cause.</summary>
public sealed class SafetensorsHostileTests
{
    private const string Good = """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""";

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}""", 12, 63, "tensor 'a': expected 8 bytes from 0, got [4, 12).")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}""", 12, 120, "tensor 'b': expected 4 bytes from 4, got [8, 12).")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[2,6]}}""", 6, 119, "tensor 'b': expected 4 bytes from 4, got [2, 6).")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}""", 8, 62, "tensor 'a': expected 8 bytes from 0, got [8, 0).")]
    [InlineData("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""", 8, 62, "tensor 'a': expected 12 bytes from 0, got [0, 8).")]
    [InlineData(Good, 9, 62, "expected 8 bytes of data, got 9. The file is cut short or has bytes that no tensor owns.")]
    [InlineData(Good, 7, 62, "expected 8 bytes of data, got 7. The file is cut short or has bytes that no tensor owns.")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, 62, "expected each name once, got 'a' twice.")]
    [InlineData("""{"a":{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 4, 28, "tensor 'a': expected each key once, got 'dtype' twice.")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-1,-1],"data_offsets":[0,4]}}""", 4, 37, "tensor 'a': expected whole numbers from 0 to 2^63 - 1 in shape, got -1.")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[-4,0]}}""", 0, 56, "tensor 'a': expected whole numbers from 0 to 2^63 - 1 in data_offsets, got -4.")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}}""", 4, 37, "tensor 'a': expected whole numbers from 0 to 2^63 - 1 in shape, got 1.5.")]
    [InlineData("""{"a":{"dtype":"F32","shape":[18446744073709551616],"data_offsets":[0,4]}}""", 4, 37, "tensor 'a': expected whole numbers from 0 to 2^63 - 1 in shape, got 18446744073709551616.")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0]}}""", 0, 9, "tensor 'a': expected sizes whose product fills whole bytes below 2^63 bits, got float32 (4294967296, 4294967296).")]
    [InlineData("""{"a":{"dtype":"F64","shape":[1152921504606846976],"data_offsets":[0,0]}}""", 0, 9, "tensor 'a': expected sizes whose product fills whole bytes below 2^63 bits, got float64 (1152921504606846976).")]
    [InlineData("""{"a":{"dtype":"F4","shape":[3],"data_offsets":[0,2]}}""", 2, 9, "tensor 'a': expected sizes whose product fills whole bytes below 2^63 bits, got float4_e2m1fn (3).")]
    [InlineData("""{"a":{"dtype":"F31","shape":[1],"data_offsets":[0,4]}}""", 4, 22, "tensor 'a': expected a dtype such as F32, got 'F31'.")]
    [InlineData("""{"a":{"dtype":1,"shape":[1],"data_offsets":[0,4]}}""", 4, 22, "tensor 'a': expected a dtype, got 1.")]
    [InlineData("""{"a":{"shape":[1]}}""", 0, 9, "tensor 'a': expected dtype, shape and data_offsets, got no dtype, data_offsets.")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4,8]}}""", 4, 9, "tensor 'a': expected two data_offsets, got 3.")]
    [InlineData("""{"a":{"dtype":"F32","shape":2,"data_offsets":[0,8]}}""", 8, 36, "tensor 'a': expected an array under shape, got 2.")]
    [InlineData("""{"a":[]}""", 0, 13, "tensor 'a': expected an object, got an array.")]
    [InlineData("""[1,2,3]""", 0, 8, "expected a header that begins with '{', got byte 0x5B.")]
    [InlineData(""" {}""", 0, 8, "expected a header that begins with '{', got byte 0x20.")]
    [InlineData("", 0, 8, "expected a header that begins with '{', got no bytes.")]
    [InlineData("""{"a":{]}""", 0, 14, "expected a header of valid JSON, got a syntax error. The file is damaged.")]
    [InlineData("""{} x""", 0, 11, "expected a header of valid JSON, got a syntax error. The file is damaged.")]
    [InlineData("""{"\ud800":{}}""", 0, 9, "expected text, got an escape that is half a character.")]
    [InlineData("""{"__metadata__":{"a":1}}""", 0, 29, "__metadata__: expected a text under 'a', got 1.")]
    [InlineData("""{"__metadata__":{"a":"1","a":"2"}}""", 0, 33, "__metadata__: expected each key once, got 'a' twice.")]
    [InlineData("""{"__metadata__":[]}""", 0, 24, "__metadata__: expected an object, got an array.")]
    public void Open_BrokenRule_NamesByteAndCause(string header, int dataBytes, long offset, string message)
    {
        using TestFolder folder = new();
        string path = folder.Write("x.safetensors", Build(Encoding.UTF8.GetBytes(header), dataBytes));
        WeightFormatException error = Assert.Throws<WeightFormatException>(() => SafetensorsFile.Open(path));
        Assert.Equal($"{path} at byte {offset}: {message}", error.Message);
        Assert.Equal(offset, error.Offset);
    }

    [Fact]
    public void Open_NotUtf8_NamesTheByte()
    {
        using TestFolder folder = new();
        string path = folder.Write("x.safetensors", Build([.. "{\""u8, 0xFF, .. "\":{}}"u8], 0));
        WeightFormatException error = Assert.Throws<WeightFormatException>(() => SafetensorsFile.Open(path));
        Assert.Equal($"{path} at byte 10: expected a header in UTF-8, got byte 0xFF.", error.Message);
    }

    [Fact]
    public void Open_DeepNesting_IsRefused()
    {
        using TestFolder folder = new();
        string path = folder.Write("x.safetensors", Build(Encoding.UTF8.GetBytes("{\"a\":{\"x\":" + new string('[', 100_000)), 0));
        Assert.Throws<WeightFormatException>(() => SafetensorsFile.Open(path));
    }

    [Theory]
    [InlineData(ulong.MaxValue, "expected a header of at most 12 bytes, got 18446744073709551615. This is no safetensors file.")]
    [InlineData(100_000_001UL, "expected a header of at most 12 bytes, got 100000001. This is no safetensors file.")]
    [InlineData(13UL, "expected a header of at most 12 bytes, got 13. The file is cut short.")]
    public void Open_HeaderLengthBeyondTheFile_TakesNoMemory(ulong length, string message)
    {
        using TestFolder folder = new();
        byte[] bytes = new byte[20];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, length);
        string path = folder.Write("x.safetensors", bytes);
        long before = GC.GetAllocatedBytesForCurrentThread();
        WeightFormatException error = Assert.Throws<WeightFormatException>(() => SafetensorsFile.Open(path));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
        Assert.Equal($"{path} at byte 0: {message}", error.Message);
    }

    [Fact]
    public void Open_CutAtEveryByte_IsRefused()
    {
        using TestFolder folder = new();
        byte[] whole = Build(Encoding.UTF8.GetBytes(Good), 8);
        for (int length = 0; length < whole.Length; length++)
        {
            string path = folder.Write("x.safetensors", whole[..length]);
            WeightFormatException error = Assert.Throws<WeightFormatException>(() => SafetensorsFile.Open(path));
            if (length < 8)
            {
                Assert.Equal($"{path} at byte 0: expected a header length of 8 bytes, got a file of {length} bytes.", error.Message);
            }
            else if (length < whole.Length - 8)
            {
                Assert.Equal($"{path} at byte 0: expected a header of at most {length - 8} bytes, got {whole.Length - 16}. The file is cut short.", error.Message);
            }
        }

        SafetensorsFile.Open(folder.Write("x.safetensors", whole)).Dispose();
    }

    [Fact]
    public void Open_EveryByteOfTheHeaderChanged_IsReadOrRefusedClearly()
    {
        using TestFolder folder = new();
        byte[] whole = Build(Encoding.UTF8.GetBytes(Good), 8);
        int refused = 0;
        for (int at = 0; at < whole.Length - 8; at++)
        {
            foreach (byte flip in (byte[])[0x01, 0x20, 0x80, 0xFF])
            {
                byte[] changed = [.. whole];
                changed[at] ^= flip;
                string path = folder.Write("x.safetensors", changed);
                try
                {
                    SafetensorsFile.Open(path).Dispose();
                }
                catch (WeightFormatException)
                {
                    refused++;
                }
            }
        }

        Assert.InRange(refused, 200, 4 * whole.Length);
    }

    [Fact]
    public void Open_MissingFile_SaysSo()
    {
        using TestFolder folder = new();
        IOException error = Assert.Throws<IOException>(() => SafetensorsFile.Open(folder.File("no.safetensors")));
        Assert.Equal($"{folder.File("no.safetensors")}: expected a safetensors file, got no such file.", error.Message);
        error = Assert.Throws<IOException>(() => SafetensorsFile.Open(folder.FullPath));
        Assert.Equal($"{folder.FullPath}: expected a safetensors file, got a folder.", error.Message);
    }

    private static byte[] Build(byte[] header, int dataBytes)
    {
        byte[] file = new byte[8 + header.Length + dataBytes];
        BinaryPrimitives.WriteUInt64LittleEndian(file, (ulong)header.Length);
        header.CopyTo(file, 8);
        return file;
    }
}
