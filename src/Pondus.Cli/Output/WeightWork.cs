using Pondus.Weights;
using Spectre.Console;

namespace Pondus.Cli.Output;

/// <summary>Shows how far work on a weights file is: a bar on a terminal, lines elsewhere, and nothing for what is done in a moment.</summary>
internal static class WeightWork
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

    /// <summary>Runs the work with the display.</summary>
    /// <remarks>Interrupted work is waited for: it hears of it within a part of a tensor, and removes the half of a file that it has written.</remarks>
    public static async Task<T> RunAsync<T>(CommandContext context, bool quiet, Func<IProgress<WeightProgress>?, T> work)
    {
        if (quiet)
        {
            return await Task.Run(() => work(null), CancellationToken.None);
        }

        if (!context.IsErrorTerminal)
        {
            Lines lines = new(context.Error, context.Time);
            return await Task.Run(() => work(lines), CancellationToken.None);
        }

        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(context.Error) });
        return await console.Progress()
            .AutoClear(enabled: true)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn { Width = 24 }, new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(async display => await Task.Run(() => work(new Bars(display)), CancellationToken.None));
    }

    private sealed class Bars(ProgressContext display) : IProgress<WeightProgress>
    {
        private readonly Lock _lock = new();
        private readonly Dictionary<string, ProgressTask> _tasks = new(StringComparer.Ordinal);

        public void Report(WeightProgress value)
        {
            lock (_lock)
            {
                if (!_tasks.TryGetValue(value.Stage, out ProgressTask? task))
                {
                    task = display.AddTask(Markup.Escape(value.Stage));
                    _tasks.Add(value.Stage, task);
                }

                task.MaxValue = Math.Max(1, value.Total);
                // Threads report out of order.
                task.Value = Math.Max(task.Value, value.Done);
            }
        }
    }

    private sealed class Lines(TextWriter writer, TimeProvider time) : IProgress<WeightProgress>
    {
        private readonly Lock _lock = new();
        private long _last = time.GetTimestamp();

        public void Report(WeightProgress value)
        {
            lock (_lock)
            {
                if (time.GetElapsedTime(_last) >= s_patience)
                {
                    _last = time.GetTimestamp();
                    writer.WriteLine($"{value.Stage}: {100.0 * value.Done / Math.Max(1, value.Total):F0} %");
                }
            }
        }
    }
}
