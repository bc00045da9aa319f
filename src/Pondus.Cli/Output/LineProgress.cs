namespace Pondus.Cli.Output;

/// <summary>Writes plain lines, as for a log: at most one an epoch and one a second, and the last.</summary>
internal sealed class LineProgress(TextWriter writer, TimeProvider time) : TrainingProgress
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(1);
    private TrainingProgressReport? _waiting;
    private long? _lastWritten;

    public override async Task<T> RunAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        finally
        {
            Flush();
        }
    }

    protected override void Show(TrainingProgressReport report)
    {
        // A line tells of a whole epoch, so it is written when the next one begins.
        if (_waiting is TrainingProgressReport waiting && waiting.Epoch != report.Epoch
            && (_lastWritten is not long last || time.GetElapsedTime(last) >= s_interval))
        {
            Flush();
        }

        _waiting = report;
    }

    private void Flush()
    {
        if (_waiting is TrainingProgressReport waiting)
        {
            writer.WriteLine(Describe(waiting));
            _lastWritten = time.GetTimestamp();
            _waiting = null;
        }
    }
}
