using System.Text;
using Pondus.Runs;
using Pondus.Tests.Data;
using Xunit;

namespace Pondus.Tests.Runs;

public sealed class EventWriterTests
{
    private const double Wall = 1_700_000_000.25;

    [Fact]
    public void Crc32C_CheckValue_IsThatOfTheCatalogue()
    {
        // CRC-32C of the nine digits, as every table of checksums gives it.
        Assert.Equal(0xE3069283u, EventChecksum.Crc32C("123456789"u8));
        Assert.Equal(0u, EventChecksum.Crc32C([]));
    }

    [Fact]
    public void Scalar_OneValue_IsTheBytesOfTheFormat()
    {
        using TestFolder folder = new();
        string path;
        long before;
        using (EventWriter writer = EventWriter.Create(folder.FullPath, new FixedTime()))
        {
            path = writer.Path;
            before = writer.Length;
            writer.Scalar("a", 1f, 300, Wall);
            Assert.Equal(before + 12 + 24 + 4, writer.Length);
        }

        byte[] record = File.ReadAllBytes(path)[(int)before..];
        byte[] time = BitConverter.GetBytes(Wall);
        byte[] expected =
        [
            0x09, .. time,
            0x10, 0xAC, 0x02, // step 300
            0x2A, 0x0A, // summary of 10 bytes
            0x0A, 0x08, // value of 8 bytes
            0x0A, 0x01, (byte)'a',
            0x15, 0x00, 0x00, 0x80, 0x3F,
        ];
        Assert.Equal((ulong)expected.Length, BitConverter.ToUInt64(record));
        Assert.Equal(expected, record[12..^4]);
        Assert.Equal(EventChecksum.Masked(expected), BitConverter.ToUInt32(record, record.Length - 4));
    }

    [Fact]
    public void Create_NewFile_IsNamedAsTensorBoardDoesAndBeginsWithTheVersion()
    {
        using TestFolder folder = new();
        using EventWriter first = EventWriter.Create(folder.FullPath, new FixedTime());
        using EventWriter second = EventWriter.Create(folder.FullPath, new FixedTime());
        Assert.Equal($"events.out.tfevents.1700000000.{Environment.MachineName}.{Environment.ProcessId}.0", Path.GetFileName(first.Path));
        Assert.EndsWith(".1", second.Path, StringComparison.Ordinal);
        Assert.Contains("brain.Event:2", Encoding.ASCII.GetString(ReadShared(first.Path)), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_WhatWasWritten_GivesItBack()
    {
        using TestFolder folder = new();
        using (EventWriter writer = EventWriter.Create(folder.FullPath, new FixedTime()))
        {
            writer.Scalar("train/loss", 0.5f, 0, Wall);
            writer.Scalar("train/loss", float.NaN, 1);
            writer.Scalar("größe", float.NegativeInfinity, long.MaxValue, Wall);
            writer.Histogram("weights", [-1, 0, 0.5, 8], [1, 2, 3], 7, Wall);
            writer.Histogram("nothing", [], [], 7, Wall);
        }

        EventLog log = EventLog.Read(folder.FullPath);
        Assert.Empty(log.Damage);
        Assert.Equal([new LoggedScalar(0, Wall, 0.5), new LoggedScalar(1, 1_700_000_000.5, double.NaN)], log.Scalars("train/loss"));
        Assert.Equal([new LoggedScalar(long.MaxValue, Wall, double.NegativeInfinity)], log.Scalars("größe"));
        LoggedHistogram histogram = Assert.Single(log.Histograms("weights"));
        Assert.Equal([-1, 0, 0.5, 8], histogram.Edges);
        Assert.Equal([1, 2, 3], histogram.Counts);
        Assert.Empty(Assert.Single(log.Histograms("nothing")).Edges);
        Assert.Empty(log.Scalars("unknown"));
    }

    [Fact]
    public void Scalar_SteadyState_AllocatesNothing()
    {
        using TestFolder folder = new();
        using EventWriter writer = EventWriter.Create(folder.FullPath, TimeProvider.System);
        double[] edges = [.. Enumerable.Range(0, 33)], counts = new double[32];
        Write(100);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Write(20_000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Write(int count)
        {
            for (int i = 0; i < count; i++)
            {
                writer.Scalar("train/loss", i, i);
                if (i % 100 == 0)
                {
                    writer.Histogram("weights/0.weight", edges, counts, i);
                    writer.Flush();
                }
            }
        }
    }

    [Fact]
    public void Open_StoredLength_GivesTheBytesOfAnUninterruptedLog()
    {
        using TestFolder folder = new();
        using EventWriter whole = EventWriter.Create(folder.FullPath, new FixedTime());
        using EventWriter cut = EventWriter.Create(folder.FullPath, new FixedTime());
        for (int step = 0; step < 10; step++)
        {
            whole.Scalar("loss", step, step, Wall);
            cut.Scalar("loss", step, step, Wall);
        }

        long length = cut.Length;
        cut.Scalar("loss", 99f, 10, Wall + 1);
        cut.Histogram("weights", [0, 1], [5], 11, Wall);
        cut.Dispose();
        File.AppendAllText(cut.Path, "half a record");
        using (EventWriter resumed = EventWriter.Open(cut.Path, length, new FixedTime()))
        {
            Assert.Equal(length, resumed.Length);
            for (int step = 10; step < 20; step++)
            {
                whole.Scalar("loss", step, step, Wall);
                resumed.Scalar("loss", step, step, Wall);
            }
        }

        whole.Dispose();
        Assert.Equal(File.ReadAllBytes(whole.Path), File.ReadAllBytes(cut.Path));
    }

    [Fact]
    public void Open_NoRecordEndsThere_IsRefusedAndChangesNothing()
    {
        using TestFolder folder = new();
        EventWriter writer = EventWriter.Create(folder.FullPath, new FixedTime());
        long version = writer.Length;
        writer.Scalar("loss", 1f, 1, Wall);
        writer.Dispose();
        byte[] before = File.ReadAllBytes(writer.Path);
        foreach (long length in (long[])[version + 1, before.Length - 1, before.Length + 1])
        {
            IOException error = Assert.Throws<IOException>(() => EventWriter.Open(writer.Path, length, new FixedTime()));
            long end = length > before.Length ? before.Length : version;
            Assert.Equal(
                $"{writer.Path}: expected a record that ends at byte {length}, got the last one before it at byte {end}. The file is not the one that was stored.",
                error.Message);
        }

        Assert.Equal(before, File.ReadAllBytes(writer.Path));
    }

    [Fact]
    public void Histogram_OtherEdgeCount_ShowsBoth()
    {
        using TestFolder folder = new();
        using EventWriter writer = EventWriter.Create(folder.FullPath, new FixedTime());
        ArgumentException error = Assert.Throws<ArgumentException>(() => writer.Histogram("w", [0, 1], [1, 2], 0));
        Assert.StartsWith("Histogram 'w': expected 3 edges for 2 bins, got 2.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_ByTensorBoard_GivesTheSameValues()
    {
        using TestFolder folder = new();
        using (EventWriter writer = EventWriter.Create(folder.FullPath, new FixedTime()))
        {
            for (int step = 0; step < 3; step++)
            {
                writer.Scalar("train/loss", 1f / (1 << step), step, Wall + step);
            }

            writer.Histogram("weights/0.weight", [-2, -1, 0.5, 8], [1, 0, 3], 2, Wall);
        }

        const string script = """
            import sys
            from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
            from tensorboard.util import tensor_util
            a = EventAccumulator(sys.argv[1]); a.Reload(); t = a.Tags()
            print(t['scalars'], t['tensors'], [(e.step, e.wall_time, e.value) for e in a.Scalars('train/loss')])
            e = a.Tensors('weights/0.weight')[0]
            print(e.step, tensor_util.make_ndarray(e.tensor_proto).tolist(), a.SummaryMetadata('weights/0.weight').plugin_data.plugin_name)
            """;
        Assert.Equal(
            "['train/loss'] ['weights/0.weight'] [(0, 1700000000.25, 1.0), (1, 1700000001.25, 0.5), (2, 1700000002.25, 0.25)]\n"
            + "2 [[-2.0, -1.0, 1.0], [-1.0, 0.5, 0.0], [0.5, 8.0, 3.0]] histograms",
            OptionalData.RunPython(script, folder.FullPath).Trim());
    }

    [Fact]
    public void Read_ByAnIndependentReader_FindsNoError()
    {
        using TestFolder folder = new();
        string tool = OptionalData.Require("../tools/read_events.py");
        using EventWriter writer = EventWriter.Create(folder.FullPath, new FixedTime());
        writer.Scalar("loss", 0.5f, 3, Wall);
        writer.Histogram("w", [0, 1, 2], [4, 5], 3, Wall);
        writer.Dispose();
        string output = OptionalData.RunPython("import runpy, sys; sys.argv = sys.argv[1:]; runpy.run_path(sys.argv[0], run_name='__main__')", tool, writer.Path);
        Assert.Contains("\"error\": null", output, StringComparison.Ordinal);
        Assert.Contains("\"step\": 3, \"values\": [{\"tag\": \"loss\", \"scalar\": 0.5}]", output, StringComparison.Ordinal);
        Assert.Contains("\"shape\": [2, 3], \"values\": [0.0, 1.0, 4.0, 1.0, 2.0, 5.0]}, \"plugin\": \"histograms\"", output, StringComparison.Ordinal);
    }

    private static byte[] ReadShared(string path)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        byte[] bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }

    private sealed class FixedTime : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_500);
    }
}
