using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Text.RegularExpressions;
using Pondus.Formats;
using Pondus.Tests.Data;
using Xunit;

namespace Pondus.Tests.Support;

/// <summary>Gives damaged files to a reader: each is read or clearly refused, soon, and without much memory.</summary>
/// <remarks>
/// Members of zip archives are damaged inside, with their checksums right, three times of four; and where a file is refused
/// for a checksum alone, the checksum is mended, so that what lies behind it is reached.
/// </remarks>
internal sealed partial class Fuzzer : IDisposable
{
    /// <summary>The variable that asks for more damaged files than the suite tries: <c>100000</c>, or <c>50000-100000</c> for a part.</summary>
    public const string Variable = "PONDUS_FUZZ";

    private const int DamagedFiles = 2000;
    private const int LargestSample = 256 << 10;
    private const int MostMends = 24;
    private const long MostAllocatedForAnyFile = 256L << 20;
    private const int MostAllocatedForOneByte = 1024;
    private static readonly TimeSpan s_hang = TimeSpan.FromSeconds(30);

    private readonly FuzzTarget _target;
    private readonly TestFolder _folder = new();
    private readonly List<(string Name, byte[] Bytes)> _samples = [];
    private double _longest;
    private long _mostAllocated;

    public Fuzzer(FuzzTarget target)
    {
        _target = target;
        string root = TestData.Root ?? string.Empty;
        foreach (string pattern in TestData.Root is null ? [] : target.Files)
        {
            string folder = Path.Combine(root, Path.GetDirectoryName(pattern)!);
            AddSamples(folder, Path.GetFileName(pattern), static (path, _) => (Name: "damaged", Bytes: File.ReadAllBytes(path)));
        }

        if (target.Folder is { } whole)
        {
            AddSamples(Path.Combine(root, whole), target.Pattern, static (path, folder) => (Name: Path.GetFileName(path), Bytes: File.ReadAllBytes(folder.Write(Path.GetFileName(path), File.ReadAllBytes(path)))));
        }

        _samples.AddRange(target.Made().Select(static bytes => ("damaged", bytes)));
        if (_samples.Count == 0 && target.Written is { } format)
        {
            _samples.AddRange(FormatBattery.Written(format).Select(static bytes => ("damaged", bytes)));
        }
    }

    /// <summary>Tries as many damaged files as are asked for.</summary>
    public FuzzReport Run()
    {
        if (_samples.Count == 0)
        {
            Assert.Skip($"needs {string.Join(", ", _target.Files)}{_target.Folder}: not in the test data ({TestData.Variable})");
        }

        (int from, int to) = Range();
        byte[][] all = [.. _samples.Select(static sample => sample.Bytes)];
        int read = 0;
        for (int i = from; i < to; i++)
        {
            (string name, byte[] good) = _samples[i % _samples.Count];
            RandomSource random = new RandomSource(2026).Stream(i);
            byte[] damaged = IsArchive(good) && random.NextInt32(4) > 0 ? DamagedInside(good, all, random) : FileMutation.Apply(good, all, random);
            read += Try(name, damaged, $"{_target.Name}, damaged file {i}") ? 1 : 0;
            if (_target.Folder is not null)
            {
                _folder.Write(name, good);
            }
        }

        return new FuzzReport(_target.Name, to - from, read, _longest, _mostAllocated);
    }

    public void Dispose() => _folder.Dispose();

    private static (int From, int To) Range()
    {
        string[] ends = (Environment.GetEnvironmentVariable(Variable) ?? string.Empty).Split('-');
        int[] numbers = [.. ends.Where(static text => text.Length > 0).Select(static text => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture))];
        return numbers switch
        {
            [] => (0, DamagedFiles),
            [int to] => (0, to),
            [int from, int to, ..] => (from, to),
        };
    }

    // Several archives in one file, as distributed checkpoints have them, are damaged like any file.
    private static bool IsArchive(byte[] bytes)
    {
        if (!bytes.AsSpan().StartsWith("PK\u0003\u0004"u8))
        {
            return false;
        }

        try
        {
            using ZipArchive archive = new(new MemoryStream(bytes));
            return archive.Entries.Count > 0;
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    private void AddSamples(string folder, string pattern, Func<string, TestFolder, (string Name, byte[] Bytes)> read)
    {
        if (Directory.Exists(folder))
        {
            _samples.AddRange(Directory.EnumerateFiles(folder, pattern, new EnumerationOptions { AttributesToSkip = FileAttributes.Directory })
                .Where(static path => !path.EndsWith(".expected.json", StringComparison.Ordinal) && !path.EndsWith(".io.npz", StringComparison.Ordinal) && new FileInfo(path).Length <= LargestSample)
                .Order(StringComparer.Ordinal)
                .Select(path => read(path, _folder)));
        }
    }

    private static byte[] DamagedInside(byte[] archive, byte[][] others, RandomSource random)
    {
        using MemoryStream target = new();
        using (ZipArchive read = new(new MemoryStream(archive)), write = new(target, ZipArchiveMode.Create, leaveOpen: true))
        {
            // Tables are what a reader has most to decide about: data is damaged less often.
            ZipArchiveEntry[] tables = [.. read.Entries.Where(static entry => Path.GetExtension(entry.Name) is ".pkl" or ".json" or ".h5" or ".npy")];
            ZipArchiveEntry chosen = tables.Length > 0 && random.NextInt32(8) > 0 ? tables[random.NextInt32(tables.Length)] : read.Entries[random.NextInt32(read.Entries.Count)];
            foreach (ZipArchiveEntry entry in read.Entries)
            {
                using MemoryStream bytes = new();
                using (Stream stream = entry.Open())
                {
                    stream.CopyTo(bytes);
                }

                using Stream copy = write.CreateEntry(entry.FullName, random.NextInt32(8) == 0 ? CompressionLevel.Fastest : CompressionLevel.NoCompression).Open();
                copy.Write(entry == chosen ? FileMutation.Apply(bytes.ToArray(), others, random) : bytes.ToArray());
            }
        }

        return target.ToArray();
    }

    private bool Try(string name, byte[] damaged, string what)
    {
        for (int mends = 0; ; mends++)
        {
            string path = _folder.Write(name, damaged);
            (bool isRead, WeightFormatException? refusal) = Attempt(_target.Folder is null ? path : Path.Combine(_folder.FullPath, _target.Opened), damaged.Length, what);
            if (refusal is null || mends == MostMends || !Mend(damaged, refusal))
            {
                return isRead;
            }
        }
    }

    private (bool IsRead, WeightFormatException? Refusal) Attempt(string path, int length, string what)
    {
        long start = GC.GetAllocatedBytesForCurrentThread(), watch = Stopwatch.GetTimestamp();
        bool isRead = false;
        WeightFormatException? refusal = null;
        try
        {
            isRead = _target.Read(path);
        }
        catch (Exception error) when (error is WeightFormatException or IOException or NotSupportedException)
        {
            Assert.NotEmpty(error.Message);
            refusal = error as WeightFormatException;
        }
        catch (Exception error) when (error is not Xunit.Sdk.XunitException)
        {
            Assert.Fail($"{what}: expected a clear refusal, got {error}");
        }

        long allocated = GC.GetAllocatedBytesForCurrentThread() - start;
        TimeSpan time = Stopwatch.GetElapsedTime(watch);
        _mostAllocated = Math.Max(_mostAllocated, allocated);
        _longest = Math.Max(_longest, time.TotalMilliseconds);
        Assert.True(allocated <= MostAllocatedForAnyFile + ((long)MostAllocatedForOneByte * length), $"{what}: reading {length} bytes allocated {allocated} bytes.");

        // Not a measure of speed: far beyond what any of these small files takes, to find loops that hardly end.
        Assert.True(time < s_hang, $"{what}: expected an end within {s_hang}, got {time}.");
        return (isRead, refusal);
    }

    /// <summary>Puts the right checksum in the place of one that a reader found wrong.</summary>
    private static bool Mend(byte[] bytes, WeightFormatException refusal)
    {
        Match match = ChecksumPattern().Match(refusal.Message);
        if (!match.Success)
        {
            return false;
        }

        byte[] stored = Number(match.Groups["stored"].Value), computed = Number(match.Groups["computed"].Value);
        int from = (int)Math.Clamp(refusal.Offset, 0, bytes.Length), at = bytes.AsSpan(from).IndexOf(stored);
        if (at < 0)
        {
            return false;
        }

        computed.CopyTo(bytes.AsSpan(from + at));
        return true;

        static byte[] Number(string text) => BitConverter.GetBytes(uint.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture));
    }

    [GeneratedRegex("checksum (?<stored>[0-9a-f]{8}), got bytes with (?<computed>[0-9a-f]{8})", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex ChecksumPattern();
}
