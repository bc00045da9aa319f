namespace Pondus.Cli;

/// <summary>The exit statuses of the tool.</summary>
internal static class ExitCode
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int WrongUsage = 2;

    /// <summary>What the user named as a reason to fail was found, such as a difference.</summary>
    public const int Tripped = 3;

    public const int Interrupted = 130;
}
