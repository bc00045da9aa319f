using System.CommandLine;

namespace Pondus.Cli;

/// <summary>What commands share: where they write, the clock, and the options that all of them have.</summary>
internal sealed class CommandContext
{
    public required TextWriter Out { get; init; }

    public required TextWriter Error { get; init; }

    /// <summary>Gets whether progress goes to a terminal, where lines may be redrawn.</summary>
    public bool IsErrorTerminal { get; init; }

    /// <summary>Gets whether results go to a terminal, where a picture may be drawn.</summary>
    public bool IsOutTerminal { get; init; }

    /// <summary>Gets the columns of the terminal that results go to; null elsewhere.</summary>
    public int? OutWidth { get; init; }

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
            IsErrorTerminal = !Console.IsErrorRedirected && canRedraw,
            IsOutTerminal = !Console.IsOutputRedirected && canRedraw,
            OutWidth = !Console.IsOutputRedirected && canRedraw ? Console.WindowWidth : null,
        };
    }
}
