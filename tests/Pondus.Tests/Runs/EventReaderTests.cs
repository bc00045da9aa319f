using System.Text.Json;
using Pondus.Runs;
using Pondus.Tests.Data;
using Xunit;

namespace Pondus.Tests.Runs;

public sealed class EventReaderTests
{
    private const double Wall = 1_700_000_000;

    [Fact]
    public void ReadInto_FileThatGrows_ContinuesWhereItEnded()
    {
        using TestFolder folder = new();
        using EventWriter writer = EventWriter.Create(folder.FullPath, TimeProvider.System);
        EventReader reader = new(writer.Path);
        EventLog log = new();
        Assert.Equal(1, reader.ReadInto(log)); // the version
        writer.Scalar("loss", 1f, 1, Wall);
        Assert.Equal(0, reader.ReadInto(log));
        writer.Flush();
        Assert.Equal(1, reader.ReadInto(log));
        Assert.Equal(writer.Length, reader.Offset);
        Assert.Equal([new LoggedScalar(1, Wall, 1)], log.Scalars("loss"));
    }

    [Fact]
    public void ReadInto_CutAtEveryByte_KeepsWhatPrecedesAndGoesOn()
    {
        using TestFolder folder = new();
        byte[] whole = Sample(folder, out long[] ends);
        for (int length = 0; length <= whole.Length; length++)
        {
            string path = folder.Write("cut", whole[..length]);
            EventReader reader = new(path);
            EventLog log = new();
            int records = ends.Count(end => end <= length);
            Assert.Equal(records, reader.ReadInto(log));
            Assert.Null(reader.Damage);
            Assert.Equal(length > 0 && !ends.Contains(length), reader.IsCut);
            File.WriteAllBytes(path, whole);
            Assert.Equal(ends.Length - records, reader.ReadInto(log));
            Assert.Equal(ends.Length - 1, log.Scalars("loss").Count);
            Assert.False(reader.IsCut);
        }
    }

    [Fact]
    public void ReadInto_EveryByteChanged_IsNoticedOrTakenForTheEnd()
    {
        using TestFolder folder = new();
        byte[] whole = Sample(folder, out long[] ends);
        for (int at = 0; at < whole.Length; at++)
        {
            byte[] changed = [.. whole];
            changed[at] ^= 0x10;
            EventReader reader = new(folder.Write("changed", changed));
            EventLog log = new();
            int records = ends.Count(end => end <= at);
            Assert.Equal(records, reader.ReadInto(log));
            Assert.StartsWith($"{reader.Path} at byte {(records == 0 ? 0 : ends[records - 1])}: expected ", reader.Damage, StringComparison.Ordinal);
            Assert.Equal(reader.Damage, Assert.Single(log.Damage));
        }
    }

    [Fact]
    public void Parse_RandomChanges_AreReadOrRefusedAsInvalid()
    {
        using TestFolder folder = new();
        using EventWriter writer = EventWriter.Create(folder.FullPath, TimeProvider.System);
        long begin = writer.Length;
        writer.Histogram("weights", [0, 1, 2], [3, 4], 5, Wall);
        writer.Dispose();
        byte[] record = File.ReadAllBytes(writer.Path)[((int)begin + 12)..^4];
        RandomSource random = new(11);
        int refused = 0;
        for (int round = 0; round < 20_000; round++)
        {
            byte[] changed = [.. record];
            for (int i = random.NextInt32(4); i >= 0; i--)
            {
                changed[random.NextInt32(changed.Length)] = (byte)random.NextUInt32();
            }

            Exception? error = Record.Exception(() => EventParser.Parse(changed, new EventLog()));
            Assert.True(error is null or InvalidDataException, $"{error}");
            refused += error is null ? 0 : 1;
        }

        Assert.InRange(refused, 1000, 19_000);
    }

    [Fact]
    public void Read_MissingFile_SaysSo()
    {
        using TestFolder folder = new();
        IOException error = Assert.Throws<IOException>(() => EventLog.Read(folder.File("no.tfevents")));
        Assert.Equal($"{folder.File("no.tfevents")}: expected an event file, got no such file.", error.Message);
    }

    [Theory]
    [InlineData("bit_flip_in_length_6", 5, true)]
    [InlineData("bit_flip_in_record_6", 5, true)]
    [InlineData("empty_file", 0, false)]
    [InlineData("truncated_in_crc", 9, false)]
    [InlineData("truncated_in_length", 9, false)]
    [InlineData("truncated_in_record", 9, false)]
    [InlineData("whole", 10, false)]
    [InlineData("zeros_at_end", 10, true)]
    public void Read_DamagedFile_KeepsWhatTensorBoardKeeps(string name, int count, bool isDamaged)
    {
        EventLog log = EventLog.Read(OptionalData.Require($"fixtures/tensorboard/damaged/{name}"));
        Assert.Equal(Enumerable.Range(0, count).Select(step => ((long)step, 10.0 - step)), log.Scalars("loss").Select(item => (item.Step, item.Value)));
        Assert.Equal(isDamaged ? 1 : 0, log.Damage.Count);
    }

    [Theory]
    [InlineData("restart_announced")]
    [InlineData("restart")]
    public void Read_RestartedRun_KeepsTheLaterValues(string name)
    {
        string folder = OptionalData.Require($"fixtures/tensorboard/{name}");
        using JsonDocument expected = JsonDocument.Parse(File.ReadAllText(folder + ".expected.json"));
        JsonElement loss = expected.RootElement.GetProperty("data_server").GetProperty(".").GetProperty("loss");
        EventLog log = EventLog.Read(folder);
        Assert.Equal(loss.GetProperty("steps").EnumerateArray().Select(item => item.GetInt64()), log.Scalars("loss").Select(item => item.Step));
        Assert.Equal(loss.GetProperty("values").EnumerateArray().Select(item => item.GetDouble()), log.Scalars("loss").Select(item => item.Value));
        // The second file announces step 12, which takes back the later steps of every tag.
        Assert.Equal(11, log.Scalars("other")[^1].Step);
    }

    [Theory]
    [InlineData("scalars")]
    [InlineData("tf2_style")]
    [InlineData("histograms")]
    public void Read_FilesOfPyTorchAndTensorBoard_GivesTheirValues(string name)
    {
        string folder = OptionalData.Require($"fixtures/tensorboard/{name}");
        using JsonDocument expected = JsonDocument.Parse(File.ReadAllText(folder + ".expected.json"));
        int compared = 0;
        foreach (JsonProperty run in expected.RootElement.GetProperty("runs").EnumerateObject())
        {
            EventLog log = EventLog.Read(Path.Combine(folder, run.Name));
            foreach (JsonProperty tag in run.Value.GetProperty("tags").EnumerateObject())
            {
                string plugin = tag.Value.GetProperty("plugin").GetString()!;
                JsonElement[] values = [.. tag.Value.GetProperty("values").EnumerateArray()];
                long[] steps = [.. tag.Value.GetProperty("steps").EnumerateArray().Select(item => item.GetInt64())];
                for (int i = 0; i < steps.Length; i++)
                {
                    if (i + 1 < steps.Length && steps[i + 1] <= steps[i])
                    {
                        continue; // written again later
                    }

                    if (plugin is "scalars")
                    {
                        Assert.Equal(Number(values[i]), Assert.Single(log.Scalars(tag.Name), item => item.Step == steps[i]).Value);
                        compared++;
                    }
                    else if (plugin is "histograms")
                    {
                        LoggedHistogram histogram = Assert.Single(log.Histograms(tag.Name), item => item.Step == steps[i]);
                        float[] rows = [.. histogram.Counts.SelectMany((count, bin) => (float[])[(float)histogram.Edges[bin], (float)histogram.Edges[bin + 1], (float)count])];
                        Assert.True(values[i].EnumerateArray().SelectMany(row => row.EnumerateArray()).Select(item => (float)Number(item)).SequenceEqual(rows), $"{tag.Name} {steps[i]}: {values[i]} / {string.Join(' ', rows)}");
                        compared++;
                    }
                }
            }
        }

        Assert.True(compared >= 6, $"only {compared} values were compared");
    }

    private static byte[] Sample(TestFolder folder, out long[] ends)
    {
        using EventWriter writer = EventWriter.Create(folder.FullPath, TimeProvider.System);
        ends = new long[6];
        ends[0] = writer.Length;
        for (int i = 1; i < ends.Length; i++)
        {
            writer.Scalar("loss", i, i, Wall);
            ends[i] = writer.Length;
        }

        writer.Dispose();
        return File.ReadAllBytes(writer.Path);
    }

    private static double Number(JsonElement value) => value.ValueKind == JsonValueKind.Number
        ? value.GetDouble()
        : value.GetString() switch { "nan" => double.NaN, "inf" => double.PositiveInfinity, _ => double.NegativeInfinity };
}
