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
    public abstract Task<T> RunAsync<T>(Func<IProgress<TrainingProgressReport>, Task<T>> work);

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

    /// <summary>Says in words how far the training is, such as <c>epoch 3/12  loss 0.3125</c>.</summary>
    protected static string Describe(TrainingProgressReport report)
    {
        StringBuilder text = new();
        text.Append($"epoch {report.Epoch}{(report.Epochs > 0 ? $"/{report.Epochs}" : string.Empty)}");
        if (report.Epochs == 0)
        {
            text.Append($"  step {report.Step:N0}{(report.Steps > 0 ? $"/{report.Steps:N0}" : string.Empty)}");
        }

        text.Append($"  loss {NumberText.Short(report.Loss)}");
        if (report.ValidationLoss is double validation)
        {
            text.Append($"  validation {NumberText.Short(validation)}");
        }

        if (report.Metric is double metric)
        {
            text.Append($"  metric {NumberText.Short(metric)}");
        }

        return text.Append($"  {report.SamplesPerSecond:N0} samples/s").ToString();
    }
}
