namespace Pondus.Cli.Output;

/// <summary>Shows nothing.</summary>
internal sealed class SilentProgress : TrainingProgress
{
    public override Task<T> RunAsync<T>(Func<IProgress<TrainingProgressReport>, Task<T>> work) => work(this);

    protected override void Show(TrainingProgressReport report)
    {
    }
}
