using System.Diagnostics;
using Pondus.Formats;
using Pondus.Tests.Data;
using Xunit;

namespace Pondus.Tests.Support;

/// <summary>What every format of weights files must do.</summary>
internal static class FormatBattery
{
    private const long MostBytesForAnyFile = 64L << 20;
    private const int MostBytesOfMemoryForOne = 64;
    private static readonly TimeSpan s_hang = TimeSpan.FromSeconds(30);
    private static readonly Dictionary<string, string> s_metadata = new(StringComparer.Ordinal) { ["format"] = "pt", ["note"] = "größe" };

    /// <summary>Every type that the format holds comes back bit for bit, in several forms.</summary>
    public static void RoundTrip(FormatCase one)
    {
        IWeightFormat format = Format(one);
        List<WeightEntry> entries = [.. WeightTypes.All.Where(format.Holds).SelectMany(type => Entries(one, type))];
        Assert.NotEmpty(entries);
        foreach (WeightEntry[] set in one.IsSingle ? entries.Chunk(1) : [[.. entries]])
        {
            CheckRoundTrip(one, format, set);
        }
    }

    /// <summary>A name comes back as it was, or is refused before anything is written.</summary>
    public static void OddNames(FormatCase one)
    {
        IWeightFormat format = Format(one);
        string[] names = ["größe/層", "\U0001F600", " a b ", "a..b", "\"quoted\" 'twice'", "a\\b", "../x", "line\nbreak", "nul\0", "a/", new string('x', 300), "__metadata__", "CON"];
        foreach (string name in one.IsSingle ? [] : names.Select(name => Name(one, name)))
        {
            using TestFolder folder = new();
            try
            {
                format.Save(folder.File("a" + format.Extensions[0]), [WeightEntry.OfSingle(name, [1], new[] { 1f })], s_metadata);
            }
            catch (Exception error) when (error is ArgumentException or NotSupportedException)
            {
                Assert.Empty(folder.Names());
                continue;
            }

            CheckRoundTrip(one, format, [WeightEntry.OfSingle(name, [1], new[] { 1f })]);
        }
    }

    /// <summary>A failure in the middle of writing leaves the old file and nothing else.</summary>
    public static void Atomic(FormatCase one)
    {
        IWeightFormat format = Format(one);
        using TestFolder folder = new();
        string path = folder.File("a" + format.Extensions[0]);
        format.Save(path, [WeightEntry.OfSingle(Name(one, "w"), [2], new[] { 1f, 2f })], s_metadata);
        byte[] before = File.ReadAllBytes(path);
        WeightEntry broken = new(Name(one, "w"), "float32", [1 << 20], 4 << 20, static (offset, _) => throw new IOException($"no byte {offset}"));
        Assert.Throws<IOException>(() => format.Save(path, [broken], s_metadata));
        Assert.Equal(before, File.ReadAllBytes(path));
        Assert.Single(folder.Names());
    }

    /// <summary>A file cut short anywhere, or with one bit turned, is read or refused with an error that names it.</summary>
    public static void CutOrFlipped(FormatCase one)
    {
        using TestFolder folder = new();
        const int places = 400;
        foreach (byte[] sample in Samples(one, folder))
        {
            int step = Math.Max(1, sample.Length / places);
            for (int at = 0; at < sample.Length; at += at < places || at > sample.Length - places ? 1 : step)
            {
                Attempt(one, folder, sample[..at], $"the first {at} bytes");
                byte[] flipped = [.. sample];
                flipped[at] ^= (byte)(1 << (at % 8));
                Attempt(one, folder, flipped, $"bit {at % 8} of byte {at} turned");
            }
        }
    }

    /// <summary>A file as the format's writer makes it; none when it has no writer or writes several files.</summary>
    public static IEnumerable<byte[]> Written(string format)
    {
        FormatCase one = new(format) { IsSingle = format is "npy", NamePattern = format is "keras" ? "layers/{0}/vars/0" : "{0}" };
        using TestFolder folder = new();
        return Samples(one, folder);
    }

    private static string Name(FormatCase one, string text) => one.NamePattern.Replace("{0}", text, StringComparison.Ordinal);

    private static IWeightFormat Format(FormatCase one)
    {
        IWeightFormat? format = WeightFormats.Find(one.Name);
        Assert.True(format is not null, $"expected a format {one.Name}, got none.");
        return format;
    }

    private static void CheckRoundTrip(FormatCase one, IWeightFormat format, WeightEntry[] entries)
    {
        using TestFolder folder = new();
        string path = folder.File("a" + format.Extensions[0]);
        format.Save(path, entries, s_metadata);
        using WeightFile file = WeightFile.Open(path);
        Assert.Equal(one.Name, file.Format);
        Assert.Equal(entries.Length, file.Entries.Count);
        foreach (WeightEntry entry in entries)
        {
            WeightEntry? found = one.IsSingle ? file.Entries[0] : file.Find(entry.Name);
            Assert.True(found is not null, $"{one.Name}: expected a tensor '{entry.Name}', got none.");
            Assert.Equal($"{found.Name} {entry.DataType} ({string.Join(", ", entry.Shape.ToArray())})", found.ToString());
            Assert.Equal(entry.ReadBytes(), found.ReadBytes());
        }
    }

    private static IEnumerable<WeightEntry> Entries(FormatCase one, string dataType)
    {
        WeightLayout layout = WeightTypes.Layout(dataType)!.Value;
        yield return Entry(Name(one, $"{dataType}.matrix"), dataType, [3, 2 * layout.Elements]);
        yield return Entry(Name(one, $"{dataType}.cube"), dataType, [2, 1, layout.Elements]);
        if (one.HoldsEmpty)
        {
            yield return Entry(Name(one, $"{dataType}.empty"), dataType, [0, layout.Elements]);
        }

        if (one.HoldsScalars && layout.Elements == 1)
        {
            yield return Entry(Name(one, $"{dataType}.scalar"), dataType, []);
        }
    }

    private static WeightEntry Entry(string name, string dataType, long[] shape)
    {
        Assert.True(WeightTypes.TryCountBytes(WeightTypes.Layout(dataType)!.Value, shape, out long count));
        byte[] bytes = new byte[count];
        RandomSource random = new((ulong)name.Length);
        for (int i = 0; i < bytes.Length; i++)
        {
            bytes[i] = (byte)random.NextInt32(dataType is "bool" ? 2 : 256);
        }

        return new WeightEntry(name, dataType, shape, bytes);
    }

    private static List<byte[]> Samples(FormatCase one, TestFolder folder)
    {
        IWeightFormat format = Format(one);
        List<byte[]> samples = [.. one.Files
            .Select(static file => Path.Combine(TestData.Root ?? "", file.Replace('/', Path.DirectorySeparatorChar)))
            .Where(static path => TestData.Root is not null && File.Exists(path))
            .Select(File.ReadAllBytes)];
        if (format.CanWrite)
        {
            string path = folder.File("sample" + format.Extensions[0]);
            string[] types = [.. new[] { "float32", "bfloat16", "int64", "bool", "q8_0", "float4_e2m1fn" }.Where(format.Holds)];
            WeightEntry[] entries = [.. types.Take(one.IsSingle ? 1 : types.Length).Select(type => Entry(Name(one, $"layers.0.{type}"), type, [2, 32]))];
            format.Save(path, entries, s_metadata);
            samples.Add(File.ReadAllBytes(path));
        }

        return samples;
    }

    /// <summary>Opens a file and reads all that it gives; true when nothing was refused.</summary>
    private static bool Attempt(FormatCase one, TestFolder folder, byte[] content, string what)
    {
        string path = folder.Write("damaged", content);
        long start = GC.GetAllocatedBytesForCurrentThread(), watch = Stopwatch.GetTimestamp();
        bool isRead = false;
        try
        {
            using WeightFile file = Format(one).Open(path);
            long allocated = GC.GetAllocatedBytesForCurrentThread() - start;
            Assert.True(allocated <= MostBytesForAnyFile + ((long)MostBytesOfMemoryForOne * content.Length), $"{one.Name}, {what}: opening {content.Length} bytes took {allocated} bytes of memory.");
            isRead = ReadAll(file);
        }
        catch (Exception error) when (error is WeightFormatException or IOException or NotSupportedException)
        {
            Assert.NotEmpty(error.Message);
        }
        catch (Exception error) when (error is not Xunit.Sdk.XunitException)
        {
            Assert.Fail($"{one.Name}, {what}: expected a clear refusal, got {error}");
        }

        // Not a measure of speed: far beyond what any of these small files takes, to find loops that hardly end.
        Assert.True(Stopwatch.GetElapsedTime(watch) < s_hang, $"{one.Name}, {what}: expected an end within {s_hang}, got {Stopwatch.GetElapsedTime(watch)}.");
        return isRead;
    }

    /// <summary>Reads the beginning of each tensor, and its values when it is small; true when nothing was refused.</summary>
    public static bool ReadAll(WeightFile file)
    {
        const int mostBytes = 1 << 20, mostTensors = 1000;
        bool isRead = true;
        foreach (WeightEntry entry in file.Entries.Take(mostTensors))
        {
            try
            {
                entry.Read(0, new byte[Math.Min(entry.ByteCount, mostBytes)]);
                if (entry.ByteCount <= mostBytes && entry.Count <= mostBytes)
                {
                    entry.ReadSingle();
                }
            }
            catch (Exception error) when (error is WeightFormatException or IOException or NotSupportedException)
            {
                isRead = false;
            }
        }

        return isRead;
    }
}
