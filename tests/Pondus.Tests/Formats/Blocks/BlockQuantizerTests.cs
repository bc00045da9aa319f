using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;
using Pondus.Formats;
using Pondus.Formats.Blocks;
using Pondus.Formats.Gguf;
using Pondus.Tests.Data;
using Pondus.Tests.Support;
using Xunit;

namespace Pondus.Tests.Formats.Blocks;

public sealed class BlockQuantizerTests
{
    public static TheoryData<string> DataTypes => [.. BlockQuantizer.DataTypes];

    [Theory]
    [MemberData(nameof(DataTypes))]
    public void Encode_FixtureOfGgufPy_GivesItsBits(string dataType)
    {
        string path = TestData.PathOf("fixtures/gguf/quantized.gguf");
        using JsonDocument expected = JsonDocument.Parse(File.ReadAllText(path + ".expected.json"));
        using GgufFile file = GgufFile.Open(path);
        float[] source = file.ReadSingle("source");
        byte[] bytes = new byte[BlockQuantizer.ByteCount(dataType, source.Length)];
        BlockQuantizer.Encode(dataType, source, bytes);
        string name = dataType switch { "float32" => "source", "float16" => "F16", "bfloat16" => "BF16", _ => dataType.ToUpperInvariant() };
        string sha256 = expected.RootElement.GetProperty("tensors").GetProperty(name).GetProperty("sha256").GetString()!;
        Assert.Equal(sha256, Convert.ToHexStringLower(SHA256.HashData(bytes)));
    }

    [Theory]
    [MemberData(nameof(DataTypes))]
    public void Encode_RandomValues_AreAsNearAsTheStepsOfTheType(string dataType)
    {
        // Half a step of a block whose largest magnitude is 1, in the units of the scale; ternary numbers have steps of 1.
        double bound = dataType switch
        {
            "float32" => 0,
            "float16" => 1.0 / 2048,
            "bfloat16" => 1.0 / 256,
            "q8_0" => 0.5 / 127,
            "q5_0" => 1.0 / 16,
            "q5_1" => 1.0 / 31,
            "q4_0" => 1.0 / 8,
            "q4_1" => 1.0 / 15,
            "mxfp4" => 0.25,
            _ => 0.5,
        };
        RandomSource random = new(5);
        float[] values = new float[1024];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = (2 * random.NextSingle()) - 1;
        }

        byte[] bytes = new byte[BlockQuantizer.ByteCount(dataType, values.Length)];
        BlockQuantizer.Encode(dataType, values, bytes);
        float[] decoded = new WeightEntry("w", dataType, [values.Length], bytes).ReadSingle();
        // A tenth of a percent more for the rounding of the scale to float16.
        Assert.All(values.Zip(decoded), pair => Assert.InRange(pair.Second - pair.First, -bound - 0.001, bound + 0.001));
    }

    [Fact]
    public void Encode_ValuesOfManySizesAndTies_GivesTheBitsOfGgufPy()
    {
        // Rows of ordinary numbers at scales from 2^-20 to 2^20, and a row of halves of small numbers, which lie midway between codes.
        RandomSource random = new(8);
        float[] values = new float[64 * 256];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = i < 256 ? (random.NextInt32(49) / 2f) - 12 : MathF.ScaleB((2 * random.NextSingle()) - 1, (i / 256 % 41) - 20);
        }

        using TestFolder folder = new();
        string path = folder.File("a.gguf");
        GgufWriter.Save(path, [WeightEntry.OfSingle("w", [64, 256], values)]);
        const string script = """
            import hashlib, sys, warnings
            from gguf import GGMLQuantizationType as Q, GGUFReader
            from gguf.quants import quantize
            warnings.filterwarnings('ignore')
            w = GGUFReader(sys.argv[1]).tensors[0].data
            for name in sys.argv[2:]:
                print(name, hashlib.sha256(quantize(w, Q[name]).tobytes()).hexdigest())
            """;
        string[] types = [.. BlockQuantizer.DataTypes.Except(["float32", "float16", "bfloat16"])];
        IEnumerable<string> expected = types.Select(dataType =>
        {
            byte[] bytes = new byte[BlockQuantizer.ByteCount(dataType, values.Length)];
            BlockQuantizer.Encode(dataType, values, bytes);
            return $"{dataType.ToUpperInvariant()} {Convert.ToHexStringLower(SHA256.HashData(bytes))}";
        });
        string output = Peers.RunPython(["-c", script, path, .. types.Select(type => type.ToUpperInvariant())]);
        Assert.Equal(expected, output.Split('\n', StringSplitOptions.RemoveEmptyEntries), StringComparer.Ordinal);
    }

    [Theory]
    [MemberData(nameof(DataTypes))]
    public void Encode_Zeros_DecodeAsZeros(string dataType)
    {
        byte[] bytes = new byte[BlockQuantizer.ByteCount(dataType, 256)];
        BlockQuantizer.Encode(dataType, new float[256], bytes);
        Assert.All(new WeightEntry("w", dataType, [256], bytes).ReadSingle(), value => Assert.Equal(0, MathF.Abs(value)));
    }

    [Theory]
    [MemberData(nameof(DataTypes))]
    public void Encode_NotNumbers_DoNotThrow(string dataType)
    {
        float[] values = new float[256];
        values[0] = float.NaN;
        values[40] = float.PositiveInfinity;
        values[80] = float.NegativeInfinity;
        values[100] = float.MaxValue;
        values[140] = float.Epsilon;
        BlockQuantizer.Encode(dataType, values, new byte[BlockQuantizer.ByteCount(dataType, 256)]);
    }

    [Fact]
    public void Encode_Q80_IsTheArithmeticOfTheFormat()
    {
        float[] values = new float[32];
        values[0] = -254;
        values[1] = 2;
        values[2] = 1;
        values[3] = -1;
        byte[] bytes = new byte[34];
        BlockQuantizer.Encode("q8_0", values, bytes);
        // The scale is 254 / 127 = 2; halves are rounded away from 0: 0.5 to 1.
        Assert.Equal((Half)2, BinaryPrimitives.ReadHalfLittleEndian(bytes));
        Assert.Equal([unchecked((byte)-127), 1, 1, unchecked((byte)-1), 0], bytes[2..7]);
    }

    [Fact]
    public void ByteCount_PartOfABlockOrUnknownType_SaysWhatIsExpected()
    {
        Assert.Equal(2 * 18, BlockQuantizer.ByteCount("q4_0", 64));
        Assert.Equal(256, BlockQuantizer.BlockElements("tq2_0"));
        Assert.False(BlockQuantizer.CanEncode("q4_k"));
        Assert.StartsWith(
            "BlockQuantizer: expected whole blocks of 32 values for q4_0, got 33 values.",
            Assert.Throws<ArgumentOutOfRangeException>(() => BlockQuantizer.ByteCount("q4_0", 33)).Message, StringComparison.Ordinal);
        Assert.Equal(
            "BlockQuantizer: expected one of float32, float16, bfloat16, q4_0, q4_1, q5_0, q5_1, q8_0, mxfp4, tq1_0, tq2_0, got q4_k.",
            Assert.Throws<NotSupportedException>(() => BlockQuantizer.ByteCount("q4_k", 256)).Message);
        Assert.StartsWith(
            "BlockQuantizer: expected 18 bytes for 32 values as q4_0, got 17.",
            Assert.Throws<ArgumentException>(() => BlockQuantizer.Encode("q4_0", new float[32], new byte[17])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Decode_TypesThatGgufPyKnowsBySize_AreWhatGgmlReads()
    {
        // q8_1: float32 scale 0.5, a sum, then codes; q8_k: the same with 256 codes and sums behind; q1_0: float16 scale 0.5, then signs.
        byte[] eight = new byte[40], many = new byte[292], one = new byte[18];
        BinaryPrimitives.WriteSingleLittleEndian(eight, 0.5f);
        eight[8] = 3;
        eight[39] = unchecked((byte)-4);
        BinaryPrimitives.WriteSingleLittleEndian(many, 0.5f);
        many[4] = 5;
        many[259] = unchecked((byte)-128);
        BinaryPrimitives.WriteHalfLittleEndian(one, (Half)0.5f);
        one[2] = 0b10;
        Assert.Equal([1.5f, -2f], Ends("q8_1", eight, 32));
        Assert.Equal([2.5f, -64f], Ends("q8_k", many, 256));
        Assert.Equal([-0.5f, -0.5f], Ends("q1_0", one, 128));
        Assert.Equal(0.5f, new WeightEntry("w", "q1_0", [128], one).ReadSingle()[1]);
    }

    [Theory]
    [InlineData("Q8_K", "f10d6145948b93a823fe347dca9ef44536f64c53dd53980114ffa75b33e0d984")]
    [InlineData("Q1_0", "0ee592f8ef8b16e58559d26ce3b9eef7839098970d33e16ddb4000751a47ba59")]
    public void Decode_TypesThatGgufPyKnowsBySize_HaveTheBitsOfGgml(string name, string sha256)
    {
        // From dequantize_row_q8_K and dequantize_row_q1_0 of the library of llama.cpp in the package @node-llama-cpp/linux-x64 3.22.1.
        using GgufFile file = GgufFile.Open(TestData.PathOf("fixtures/gguf/size_only_types.gguf"));
        float[] values = file.ReadSingle(name);
        byte[] bytes = new byte[4 * values.Length];
        Buffer.BlockCopy(values, 0, bytes, 0, bytes.Length);
        Assert.Equal(sha256, Convert.ToHexStringLower(SHA256.HashData(bytes)));
    }

    [Fact]
    public void Layout_AllTypes_AreTheSizesOfGgufPy()
    {
        using JsonDocument expected = JsonDocument.Parse(File.ReadAllText(TestData.PathOf("fixtures/gguf/size_only_types.gguf.expected.json")));
        foreach (JsonProperty type in expected.RootElement.GetProperty("block_sizes").EnumerateObject())
        {
            string dataType = GgufTypes.DataType(type.Value.GetProperty("id").GetUInt32())!;
            WeightLayout layout = new(type.Value.GetProperty("elements").GetInt32(), type.Value.GetProperty("bytes").GetInt32());
            Assert.Equal((type.Name, layout), (type.Name, WeightTypes.Layout(dataType)!.Value));
            Assert.Equal(layout.Elements > 1, BlockDecoding.Knows(dataType));
        }
    }

    private static float[] Ends(string dataType, byte[] bytes, int count)
    {
        float[] values = new WeightEntry("w", dataType, [count], bytes).ReadSingle();
        return [values[0], values[^1]];
    }
}
