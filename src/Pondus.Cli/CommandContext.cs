using System.CommandLine;
using Pondus.Cli.Services;

namespace Pondus.Cli;

/// <summary>What commands share: where they write, what they call, and the options that all of them have.</summary>
internal sealed class CommandContext
{
    public required TextWriter Out { get; init; }

    public required TextWriter Error { get; init; }

    public required IExperimentRunner Runner { get; init; }

    public required IDataSets DataSets { get; init; }

    /// <summary>Gets whether progress goes to a terminal, where lines may be redrawn.</summary>
    public bool IsErrorTerminal { get; init; }

    /// <summary>Gets whether results go to a terminal, where a picture may be drawn.</summary>
    public bool IsOutTerminal { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public Option<bool> Json { get; } = new("--json") { Description = "Print the result as one JSON document.", Recursive = true };

    public Option<bool> Quiet { get; } = new("--quiet", "-q") { Description = "Print no progress and no messages.", Recursive = true };

    public static CommandContext ForConsole()
    {
        bool canRedraw = Environment.GetEnvironmentVariable("TERM") is not "dumb";
        return new CommandContext
        {
            Out = Console.Out,
            Error = Console.Error,
            Runner = new LibraryRunner(TimeProvider.System),
            DataSets = new LibraryDataSets(),
            IsErrorTerminal = !Console.IsErrorRedirected && canRedraw,
            IsOutTerminal = !Console.IsOutputRedirected && canRedraw,
        };
    }
}
