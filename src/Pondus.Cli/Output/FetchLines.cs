using Pondus.Data;

namespace Pondus.Cli.Output;

/// <summary>Says at most once a second how much of a data set has come.</summary>
internal sealed class FetchLines(TextWriter writer, string name, TimeProvider time) : IProgress<FetchProgress>
{
    private long? _lastWritten;

    public void Report(FetchProgress value)
    {
        if (value.TotalBytes is not > 0)
        {
            return;
        }

        double share = Math.Clamp((double)value.Bytes / value.TotalBytes.Value, 0, 1);
        if (_lastWritten is not long last || time.GetElapsedTime(last).TotalSeconds >= 1 || share >= 1)
        {
            writer.WriteLine($"{name}: {share * 100:F0} %");
            _lastWritten = time.GetTimestamp();
        }
    }
}
