using System.Globalization;
using System.IO.Compression;
using Pondus.Formats;
using Pondus.Formats.PyTorch;
using Pondus.Tests.Data;
using Pondus.Tests.Support;
using Xunit;

namespace Pondus.Tests.Formats.PyTorch;

/// <summary>Real files of every kind with a few bytes changed: each is read or refused, nothing else happens.</summary>
public sealed class PyTorchFuzzTests(ITestOutputHelper output)
{
    /// <summary>How many files a run makes; a long run sets the variable. Another number gives other files.</summary>
    private static readonly int s_count = int.TryParse(Environment.GetEnvironmentVariable("PONDUS_FUZZ"), CultureInfo.InvariantCulture, out int count) ? count : 2000;

    [Fact]
    public void Open_RealFilesChanged_AreReadOrRefused()
    {
        string fixtures = TestData.PathOf("fixtures/torch");
        byte[][] seeds = [.. Directory.EnumerateFiles(fixtures, "*.pt*").Where(static path => !path.EndsWith(".json", StringComparison.Ordinal)).Order(StringComparer.Ordinal).Select(File.ReadAllBytes)];
        using TestFolder folder = new();
        RandomSource random = new((ulong)(21 + s_count));
        int opened = 0;
        for (int i = 0; i < s_count; i++)
        {
            byte[] seed = seeds[random.NextInt32(seeds.Length)];
            // Most changes go into the pickle of an archive, where the reader has most to decide.
            bool within = seed.AsSpan().StartsWith("PK"u8) && random.NextInt32(4) > 0;
            string path = folder.Write("mutated.pt", within ? WithChangedPickle(seed, random) : Mutated(seed, random));
            opened += Open(path) ? 1 : 0;
        }

        output.WriteLine($"{s_count} files, {opened} of them opened.");
        Assert.InRange(opened, 1, s_count - 1);
    }

    [Fact]
    public void Open_TableOfADistributedCheckpointChanged_IsReadOrRefused()
    {
        string fixture = TestData.PathOf("fixtures/torch/distributed_checkpoint");
        byte[] seed = File.ReadAllBytes(Path.Combine(fixture, ".metadata"));
        using TestFolder folder = new();
        folder.Write("__0_0.distcp", File.ReadAllBytes(Path.Combine(fixture, "__0_0.distcp")));
        RandomSource random = new((ulong)(22 + s_count));
        int opened = 0;
        for (int i = 0; i < s_count / 10; i++)
        {
            folder.Write(".metadata", Mutated(seed, random));
            opened += Open(folder.FullPath) ? 1 : 0;
        }

        output.WriteLine($"{s_count / 10} tables, {opened} of them opened.");
    }

    private static bool Open(string path)
    {
        try
        {
            using PyTorchFile file = PyTorchFile.Open(path, listThreats: true);
            foreach (WeightEntry entry in file.Entries)
            {
                entry.ForEachPart(0, static (_, _, _) => { });
            }

            return true;
        }
        catch (Exception error) when (error is WeightFormatException or NotSupportedException or IOException)
        {
            return false;
        }
    }

    private static byte[] WithChangedPickle(byte[] archive, RandomSource random)
    {
        using MemoryStream target = new();
        using (ZipArchive read = new(new MemoryStream(archive)), write = new(target, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (ZipArchiveEntry entry in read.Entries)
            {
                using MemoryStream bytes = new();
                using (Stream stream = entry.Open())
                {
                    stream.CopyTo(bytes);
                }

                bool isTable = entry.FullName.EndsWith(".pkl", StringComparison.Ordinal) || entry.FullName.EndsWith("_config.json", StringComparison.Ordinal);
                using Stream copy = write.CreateEntry(entry.FullName, CompressionLevel.NoCompression).Open();
                copy.Write(isTable ? Mutated(bytes.ToArray(), random) : bytes.ToArray());
            }
        }

        return target.ToArray();
    }

    private static byte[] Mutated(byte[] good, RandomSource random)
    {
        List<byte> bytes = [.. good];
        int changes = 1 + random.NextInt32(3);
        for (int i = 0; i < changes && bytes.Count > 0; i++)
        {
            int at = random.NextInt32(bytes.Count);
            switch (random.NextInt32(5))
            {
                case 0:
                    bytes[at] = (byte)random.NextInt32(256);
                    break;
                case 1:
                    bytes[at] ^= (byte)(1 << random.NextInt32(8));
                    break;
                case 2:
                    bytes.RemoveAt(at);
                    break;
                case 3:
                    bytes.Insert(at, (byte)random.NextInt32(256));
                    break;
                default:
                    // A piece of the file again, elsewhere.
                    int length = Math.Min(1 + random.NextInt32(20), bytes.Count - at);
                    bytes.InsertRange(random.NextInt32(bytes.Count), bytes.GetRange(at, length));
                    break;
            }
        }

        return [.. bytes];
    }
}
