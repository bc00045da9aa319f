using System.Buffers.Binary;
using System.Text;

namespace Pondus.Runs;

/// <summary>Takes scalars, histograms and restarts out of an Event; everything else is passed over.</summary>
/// <remarks>Field numbers: event.proto, summary.proto, tensor.proto of TensorBoard. Both forms are read: simple_value and
/// HistogramProto (PyTorch), and tensors with a plugin's name (TensorFlow 2, Keras, Pondus).</remarks>
internal static class EventParser
{
    private const int FloatType = 1;
    private const int DoubleType = 2;
    private const ulong SessionStart = 1;

    /// <summary>Adds the values of an Event to a log.</summary>
    internal static void Parse(ReadOnlySpan<byte> bytes, EventLog log)
    {
        double wallTime = 0;
        long step = 0;
        EventDecoder fields = new(bytes);
        ReadOnlySpan<byte> summary = [];
        bool isStart = false;
        while (fields.Read())
        {
            switch (fields.Field, fields.Wire)
            {
                case (1, 1):
                    wallTime = fields.Double;
                    break;
                case (2, 0):
                    step = (long)fields.Number;
                    break;
                case (5, 2):
                    summary = fields.Content;
                    break;
                case (7, 2):
                    isStart = IsStart(fields.Content);
                    break;
            }
        }

        if (isStart)
        {
            log.RestartAt(step);
        }

        EventDecoder values = new(summary);
        while (values.Read())
        {
            if (values.Is(1, 2))
            {
                ParseValue(values.Content, step, wallTime, log);
            }
        }
    }

    private static bool IsStart(ReadOnlySpan<byte> bytes)
    {
        bool isStart = false;
        EventDecoder fields = new(bytes);
        while (fields.Read())
        {
            isStart |= fields.Is(1, 0) && fields.Number == SessionStart;
        }

        return isStart;
    }

    private static void ParseValue(ReadOnlySpan<byte> bytes, long step, double wallTime, EventLog log)
    {
        string tag = "";
        float? simple = null;
        ReadOnlySpan<byte> histogram = [], tensor = [];
        bool hasHistogram = false; // an empty message is a histogram without bins
        EventDecoder fields = new(bytes);
        string? plugin = null;
        while (fields.Read())
        {
            switch (fields.Field, fields.Wire)
            {
                case (1, 2):
                    tag = Encoding.UTF8.GetString(fields.Content);
                    break;
                case (2, 5):
                    simple = BinaryPrimitives.ReadSingleLittleEndian(fields.Content);
                    break;
                case (5, 2):
                    histogram = fields.Content;
                    hasHistogram = true;
                    break;
                case (8, 2):
                    tensor = fields.Content;
                    break;
                case (9, 2):
                    plugin = PluginName(fields.Content);
                    break;
            }
        }

        if (plugin is { Length: > 0 })
        {
            log.Plugins[tag] = plugin;
        }

        if (simple is float value)
        {
            log.Add(tag, new LoggedScalar(step, wallTime, value));
        }
        else if (hasHistogram)
        {
            log.Add(tag, ParseHistogram(histogram, step, wallTime));
        }
        else if (!tensor.IsEmpty && log.Plugins.TryGetValue(tag, out plugin))
        {
            ParseTensor(tensor, plugin, tag, step, wallTime, log);
        }
    }

    private static string? PluginName(ReadOnlySpan<byte> bytes)
    {
        EventDecoder fields = new(bytes);
        while (fields.Read())
        {
            EventDecoder plugin = new(fields.Is(1, 2) ? fields.Content : []);
            while (plugin.Read())
            {
                if (plugin.Is(1, 2))
                {
                    return Encoding.UTF8.GetString(plugin.Content);
                }
            }
        }

        return null;
    }

    private static void ParseTensor(ReadOnlySpan<byte> bytes, string plugin, string tag, long step, double wallTime, EventLog log)
    {
        if (plugin is not ("scalars" or "histograms"))
        {
            return;
        }

        double[] values = TensorValues(bytes);
        if (plugin is "scalars" && values.Length == 1)
        {
            log.Add(tag, new LoggedScalar(step, wallTime, values[0]));
        }
        else if (plugin is "histograms" && values.Length % 3 == 0)
        {
            log.Add(tag, FromRows(values, step, wallTime));
        }
    }

    private static double[] TensorValues(ReadOnlySpan<byte> bytes)
    {
        ulong type = 0;
        ReadOnlySpan<byte> content = [];
        List<double> listed = [];
        EventDecoder fields = new(bytes);
        while (fields.Read())
        {
            switch (fields.Field, fields.Wire)
            {
                case (1, 0):
                    type = fields.Number;
                    break;
                case (4, 2):
                    content = fields.Content;
                    break;
                case (5, 2 or 5):
                    AddNumbers(listed, fields.Content, FloatType);
                    break;
                case (6, 2 or 1):
                    AddNumbers(listed, fields.Content, DoubleType);
                    break;
            }
        }

        if (!content.IsEmpty && type is FloatType or DoubleType)
        {
            AddNumbers(listed, content, type);
        }

        return [.. listed];
    }

    private static void AddNumbers(List<double> numbers, ReadOnlySpan<byte> bytes, ulong type)
    {
        int width = type == FloatType ? sizeof(float) : sizeof(double);
        for (; bytes.Length >= width; bytes = bytes[width..])
        {
            numbers.Add(type == FloatType ? BinaryPrimitives.ReadSingleLittleEndian(bytes) : BinaryPrimitives.ReadDoubleLittleEndian(bytes));
        }
    }

    private static LoggedHistogram FromRows(double[] rows, long step, double wallTime)
    {
        int bins = rows.Length / 3;
        double[] edges = new double[bins == 0 ? 0 : bins + 1], counts = new double[bins];
        for (int i = 0; i < bins; i++)
        {
            edges[i] = rows[3 * i];
            edges[i + 1] = rows[(3 * i) + 1];
            counts[i] = rows[(3 * i) + 2];
        }

        return new LoggedHistogram(step, wallTime, edges, counts);
    }

    /// <summary>Reads the old form: right edges that reach far beyond the values, so the outer edges become minimum and maximum.</summary>
    private static LoggedHistogram ParseHistogram(ReadOnlySpan<byte> bytes, long step, double wallTime)
    {
        double min = 0, max = 0;
        List<double> limits = [], counts = [];
        EventDecoder fields = new(bytes);
        while (fields.Read())
        {
            switch (fields.Field, fields.Wire)
            {
                case (1, 1):
                    min = fields.Double;
                    break;
                case (2, 1):
                    max = fields.Double;
                    break;
                case (6, 2 or 1):
                    AddNumbers(limits, fields.Content, DoubleType);
                    break;
                case (7, 2 or 1):
                    AddNumbers(counts, fields.Content, DoubleType);
                    break;
            }
        }

        int end = Math.Min(limits.Count, counts.Count), begin = 0;
        while (begin < end && counts[begin] == 0)
        {
            begin++;
        }

        while (end > begin && counts[end - 1] == 0)
        {
            end--;
        }

        double[] edges = begin == end ? [] : [min, .. limits[begin..(end - 1)], max];
        return new LoggedHistogram(step, wallTime, edges, [.. counts[begin..end]]);
    }
}
