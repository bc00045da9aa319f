using System.Text.Json;
using Pondus.Runs;
using Pondus.Tests.Data;
using Pondus.Tests.Support;
using Xunit;

namespace Pondus.Tests.Judges;

/// <summary>TensorBoard reads back what Pondus logs, bit for bit.</summary>
public sealed class TensorBoardReadsEventsTests
{
    private const double Wall = 1_700_000_000.125;

    // Numbers are handed over as bits: no digits are lost, and NaN and infinity need no words of their own.
    // A limit of 0 keeps every event; without it TensorBoard shows a sample.
    private const string Reader = """
        import json, struct, sys
        from tensorboard.backend.event_processing import event_accumulator as reader
        from tensorboard.util import tensor_util

        def bits(kind, value):
            return struct.unpack("<i" if kind == "f" else "<q", struct.pack("<" + kind, value))[0]

        log = reader.EventAccumulator(sys.argv[1], size_guidance={reader.SCALARS: 0, reader.TENSORS: 0})
        log.Reload()
        tags = log.Tags()
        print(json.dumps({
            "scalars": {tag: [[e.step, bits("d", e.wall_time), bits("f", e.value)] for e in log.Scalars(tag)] for tag in tags["scalars"]},
            "histograms": {tag: [[e.step, tensor_util.make_ndarray(e.tensor_proto).tolist()] for e in log.Tensors(tag)] for tag in tags["tensors"]},
            "plugins": {tag: log.SummaryMetadata(tag).plugin_data.plugin_name for tag in tags["tensors"]},
        }))
        """;

    [Fact]
    public void Scalar_AnyValueStepAndTag_IsReadBackExactly()
    {
        using TestFolder folder = new();
        float[] values =
        [
            0f, -0f, 1f / 3f, -1e-7f, float.Epsilon, float.MaxValue, float.MinValue, float.NaN, float.PositiveInfinity, float.NegativeInfinity,
        ];
        long[] steps = [0, 1, 127, 128, 300, 16_384, int.MaxValue, 1L << 32, 1L << 40, long.MaxValue];
        string[] tags = ["train/loss", "a", "verlust/größe Ω"];
        using (EventWriter writer = EventWriter.Create(folder.FullPath, TimeProvider.System))
        {
            for (int i = 0; i < values.Length; i++)
            {
                foreach (string tag in tags)
                {
                    writer.Scalar(tag, values[i], steps[i], Wall + i);
                }
            }
        }

        JsonElement scalars = Read(folder).GetProperty("scalars");

        Assert.Equal(tags.Order(StringComparer.Ordinal), scalars.EnumerateObject().Select(tag => tag.Name).Order(StringComparer.Ordinal));
        IEnumerable<(long, double, int)> expected = values.Select((value, i) => (steps[i], Wall + i, BitConverter.SingleToInt32Bits(value)));
        foreach (string tag in tags)
        {
            Assert.Equal(expected, Events(scalars.GetProperty(tag)));
        }
    }

    [Fact]
    public void Open_LogContinuedAtAStoredLength_ShowsNothingOfWhatWasCutOff()
    {
        const int stored = 5_000, cut = 40, total = 6_000;
        using TestFolder folder = new();
        string path;
        long length;
        using (EventWriter writer = EventWriter.Create(folder.FullPath, TimeProvider.System))
        {
            path = writer.Path;
            Log(writer, 0, stored, wall: Wall);
            length = writer.Length;
            Log(writer, stored, stored + cut, wall: Wall - 1);
        }

        using (EventWriter writer = EventWriter.Open(path, length, TimeProvider.System))
        {
            Log(writer, stored, total, wall: Wall);
        }

        IEnumerable<(long, double, int)> expected = Enumerable.Range(0, total).Select(step => ((long)step, Wall, BitConverter.SingleToInt32Bits(1f / (step + 1))));
        Assert.Equal(expected, Events(Read(folder).GetProperty("scalars").GetProperty("loss")));

        static void Log(EventWriter writer, int from, int to, double wall)
        {
            for (int step = from; step < to; step++)
            {
                writer.Scalar("loss", 1f / (step + 1), step, wall);
            }
        }
    }

    [Fact]
    public void Histogram_BinsOfDifferentWidths_IsAHistogramOfTheSameRows()
    {
        using TestFolder folder = new();
        using (EventWriter writer = EventWriter.Create(folder.FullPath, TimeProvider.System))
        {
            writer.Histogram("weights/0.weight", [-1.5, 0, 0.1, 7], [3, 0, 12], step: 300, Wall);
        }

        JsonElement log = Read(folder);

        Assert.Equal("histograms", log.GetProperty("plugins").GetProperty("weights/0.weight").GetString());
        JsonElement only = Assert.Single(log.GetProperty("histograms").GetProperty("weights/0.weight").EnumerateArray());
        Assert.Equal(300, only[0].GetInt64());
        double[][] rows = [.. only[1].EnumerateArray().Select(row => row.EnumerateArray().Select(number => number.GetDouble()).ToArray())];
        Assert.Equal([[-1.5, 0, 3], [0, 0.1, 0], [0.1, 7, 12]], rows);
    }

    private static JsonElement Read(TestFolder folder)
    {
        using JsonDocument document = JsonDocument.Parse(Peers.RunPython(["-c", Reader, folder.FullPath]));
        return document.RootElement.Clone();
    }

    private static IEnumerable<(long Step, double WallTime, int Bits)> Events(JsonElement events) =>
        events.EnumerateArray().Select(e => (e[0].GetInt64(), BitConverter.Int64BitsToDouble(e[1].GetInt64()), e[2].GetInt32()));
}
