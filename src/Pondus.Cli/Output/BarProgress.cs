using Spectre.Console;

namespace Pondus.Cli.Output;

/// <summary>Draws a bar on a terminal, with the rate and the time left.</summary>
internal sealed class BarProgress(TextWriter writer) : TrainingProgress
{
    private const int BarColumns = 12;

    // The bar, the percentage, the time left, and a column between each two.
    private const int OtherColumns = BarColumns + 4 + 8 + 4;
    private ProgressTask? _task;
    private int _width;
    private TrainingProgressReport _last;

    public override async Task<T> RunAsync<T>(Func<Task<T>> work)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer) });
        Progress progress = console.Progress()
            .AutoClear(enabled: true)
            .Columns(new ProgressBarColumn { Width = BarColumns }, new PercentageColumn(), new RemainingTimeColumn(), new TaskDescriptionColumn { Alignment = Justify.Left });
        _width = Math.Max(BarColumns, console.Profile.Width - OtherColumns);
        T result = await progress.StartAsync(async context =>
        {
            _task = context.AddTask("preparing");
            return await work();
        });
        if (_last.Epoch > 0)
        {
            writer.WriteLine(Describe(_last));
        }

        return result;
    }

    protected override void Show(TrainingProgressReport report)
    {
        // What only the end of an epoch knows stays in sight during the next.
        report = report.Part != _last.Part ? report : report with { ValidationLoss = report.ValidationLoss ?? _last.ValidationLoss, Metric = report.Metric ?? _last.Metric };
        _last = report;
        if (_task is null)
        {
            return;
        }

        _task.Description = Markup.Escape(Describe(report, _width));
        if (report.Steps > 0)
        {
            _task.MaxValue = report.Steps;
            _task.Value = report.Step;
        }
        else
        {
            _task.IsIndeterminate = true;
        }
    }
}
