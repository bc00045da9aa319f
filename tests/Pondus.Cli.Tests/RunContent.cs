using System.Buffers.Binary;
using System.Text.Json.Nodes;
using Pondus.Formats.Safetensors;

namespace Pondus.Cli.Tests;

/// <summary>What must be the same in two runs, one of them killed and continued: all but times and the names that hold them.</summary>
internal sealed record RunContent(string Results, string Weights, string Counters, IReadOnlyDictionary<string, string> State, IReadOnlyList<string> Events, IReadOnlyList<string> Files)
{
    public static RunContent Read(string folder)
    {
        JsonObject record = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "run.json")))!.AsObject();
        JsonObject results = record["results"]!.AsObject();
        results.Remove("seconds");
        using SafetensorsFile checkpoint = SafetensorsFile.Open(Path.Combine(folder, "checkpoints", "latest.safetensors"));
        string log = Directory.GetFiles(folder, "events.out.tfevents.*").Single();
        string[] files = [.. Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Where(f => f != log).Select(f => Path.GetRelativePath(folder, f)).Order(StringComparer.Ordinal)];
        return new RunContent(
            $"{record["state"]} {results.ToJsonString()}",
            Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(Path.Combine(folder, "weights.safetensors")))),
            $"{checkpoint.Metadata["pondus.training"]} {checkpoint.Metadata["pondus.log_length"]}",
            checkpoint.Entries.ToDictionary(static e => e.Name, static e => Convert.ToHexString(System.Runtime.InteropServices.MemoryMarshal.AsBytes(e.ReadSingle().AsSpan())), StringComparer.Ordinal),
            Records(File.ReadAllBytes(log)),
            files);
    }

    /// <summary>The records of an event file without their wall times, which are the first field: one byte of tag and eight of a double.</summary>
    private static List<string> Records(byte[] bytes)
    {
        const int Header = 12, Footer = 4, WallTime = 9;
        List<string> records = [];
        for (int at = 0; at < bytes.Length;)
        {
            int length = (int)BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(at));
            records.Add(Convert.ToHexString(bytes.AsSpan(at + Header + WallTime, length - WallTime)));
            at += Header + length + Footer;
        }

        return records;
    }
}
