using System.Text;

namespace Pondus.Cli.Output;

/// <summary>Shows how far a training is, and keeps the losses for the chart at its end.</summary>
internal abstract class TrainingProgress : IProgress<TrainingProgressReport>
{
    private readonly List<LossPoint> _history = [];
    private readonly Lock _lock = new();

    /// <summary>Gets the losses of the epochs so far.</summary>
    public IReadOnlyList<LossPoint> History => _history;

    /// <summary>Chooses a display: none, a bar on a terminal, or lines.</summary>
    public static TrainingProgress Create(CommandContext context, bool quiet)
    {
        if (quiet)
        {
            return new SilentProgress();
        }

        return context.IsErrorTerminal ? new BarProgress(context.Error) : new LineProgress(context.Error, context.Time);
    }

    /// <summary>Runs the training with the display.</summary>
    public abstract Task<T> RunAsync<T>(Func<Task<T>> work);

    /// <summary>Forgets the losses: another training begins.</summary>
    public void Begin()
    {
        lock (_lock)
        {
            _history.Clear();
        }
    }

    /// <inheritdoc/>
    public void Report(TrainingProgressReport value)
    {
        // Called at once in the trainer's thread: a posted call could arrive after the end, and out of order.
        lock (_lock)
        {
            LossPoint point = new(value.Epoch, value.Loss, value.ValidationLoss);
            if (_history.Count > 0 && _history[^1].Epoch == value.Epoch)
            {
                _history[^1] = point;
            }
            else
            {
                _history.Add(point);
            }

            Show(value);
        }
    }

    protected abstract void Show(TrainingProgressReport report);

    /// <summary>Says in words how far the training is, such as <c>epoch 3/12  loss 0.3125  validation loss 0.3312, accuracy 0.9100</c>.</summary>
    /// <param name="report">How far it is.</param>
    /// <param name="width">Columns there are; what does not fit is left out from the end.</param>
    protected static string Describe(TrainingProgressReport report, int width = int.MaxValue)
    {
        StringBuilder text = new();
        foreach (string part in Parts(report))
        {
            string next = text.Length == 0 ? part : $"  {part}";
            if (text.Length + next.Length > width)
            {
                break;
            }

            text.Append(next);
        }

        return text.ToString();
    }

    private static IEnumerable<string> Parts(TrainingProgressReport report)
    {
        if (report.Part is not null)
        {
            yield return report.Part;
        }

        yield return $"epoch {report.Epoch}{(report.Epochs > 0 ? $"/{report.Epochs}" : string.Empty)}";
        if (report.Epochs == 0)
        {
            yield return $"step {report.Step:N0}{(report.Steps > 0 ? $"/{report.Steps:N0}" : string.Empty)}";
        }

        yield return $"loss {NumberText.Short(report.Loss)}";
        string metric = report.Metric is (string name, double value) ? $"{name} {NumberText.Short(value)}" : string.Empty;
        if (report.ValidationLoss is double validation)
        {
            // With a validation part the metric is that part's, and stands behind its loss.
            yield return $"validation loss {NumberText.Short(validation)}{(metric.Length > 0 ? $", {metric}" : string.Empty)}";
        }
        else if (metric.Length > 0)
        {
            yield return metric;
        }

        yield return $"{report.SamplesPerSecond:N0} samples/s";
    }
}
