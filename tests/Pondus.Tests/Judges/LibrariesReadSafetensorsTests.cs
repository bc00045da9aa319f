using System.Globalization;
using Pondus.Formats;
using Pondus.Formats.Safetensors;
using Pondus.Tests.Data;
using Pondus.Tests.Support;
using Xunit;

namespace Pondus.Tests.Judges;

/// <summary>The format's own library and PyTorch read every element type that Pondus writes, with the same bits.</summary>
public sealed class LibrariesReadSafetensorsTests
{
    private const string Judge = """
        import sys, torch
        from safetensors import safe_open
        with safe_open(sys.argv[1], "pt") as file:
            print(sorted(file.metadata().items()))
            for name in sorted(file.keys()):
                tensor = file.get_tensor(name)
                bits = tensor.contiguous().reshape(-1).view(torch.uint8).numpy().tobytes().hex()
                print(name, str(tensor.dtype)[6:], list(tensor.shape), bits)
        """;

    [Fact]
    public void Save_EveryTypeThatTheLibraryReads_GivesTheSameBits()
    {
        SafetensorsFormat format = new();
        // The library has 6-bit types in its table, and PyTorch no tensors of them.
        List<WeightEntry> entries = [.. WeightTypes.All
            .Where(type => format.Holds(type) && !type.StartsWith("float6_", StringComparison.Ordinal))
            .SelectMany(static type => new[] { Entry(type, [3, 4]), Entry(type, [0, 2]) })];
        using TestFolder folder = new();
        string path = folder.File("a.safetensors");
        SafetensorsWriter.Save(path, entries, new Dictionary<string, string>(StringComparer.Ordinal) { ["b"] = "2", ["a"] = "ä" });
        string expected = "[('a', 'ä'), ('b', '2')]\n" + string.Concat(entries.OrderBy(static entry => entry.Name, StringComparer.Ordinal).Select(Line));
        Assert.Equal(expected, Peers.RunPython(["-X", "utf8", "-c", Judge, path]).ReplaceLineEndings("\n"));
    }

    private static string Line(WeightEntry entry)
    {
        // PyTorch counts pairs of 4-bit numbers.
        bool isPacked = entry.DataType is "float4_e2m1fn";
        string dataType = isPacked ? "float4_e2m1fn_x2" : entry.DataType;
        long[] shape = entry.Shape.ToArray();
        shape[^1] /= isPacked ? 2 : 1;
        return string.Create(CultureInfo.InvariantCulture, $"{entry.Name} {dataType} [{string.Join(", ", shape)}] {Convert.ToHexStringLower(entry.ReadBytes())}\n");
    }

    private static WeightEntry Entry(string dataType, long[] shape)
    {
        WeightLayout layout = WeightTypes.Layout(dataType)!.Value;
        byte[] bytes = new byte[shape[0] * shape[1] / layout.Elements * layout.Bytes];
        RandomSource random = new(3);
        for (int i = 0; i < bytes.Length; i++)
        {
            bytes[i] = (byte)random.NextInt32(dataType is "bool" ? 2 : 256);
        }

        return new WeightEntry(string.Create(CultureInfo.InvariantCulture, $"{dataType}.{shape[0]}"), dataType, shape, bytes);
    }
}
