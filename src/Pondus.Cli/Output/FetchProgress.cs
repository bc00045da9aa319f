namespace Pondus.Cli.Output;

/// <summary>Says at most once a second how much of a data set has come.</summary>
internal sealed class FetchProgress(TextWriter writer, string name, TimeProvider time) : IProgress<double>
{
    private long? _lastWritten;

    public void Report(double value)
    {
        if (_lastWritten is not long last || time.GetElapsedTime(last).TotalSeconds >= 1 || value >= 1)
        {
            writer.WriteLine($"{name}: {Math.Clamp(value, 0, 1) * 100:F0} %");
            _lastWritten = time.GetTimestamp();
        }
    }
}
