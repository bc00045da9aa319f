namespace Pondus.Cli.Output;

/// <summary>Shows nothing.</summary>
internal sealed class SilentProgress : TrainingProgress
{
    public override Task<T> RunAsync<T>(Func<Task<T>> work) => work();

    protected override void Show(TrainingProgressReport report)
    {
    }
}
