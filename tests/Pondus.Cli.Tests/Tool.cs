using System.Diagnostics;
using System.Globalization;

namespace Pondus.Cli.Tests;

/// <summary>Runs the built tool as its users do: in a process of its own.</summary>
internal static class Tool
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(2);

    public static async Task<ToolResult> RunAsync(params string[] args) => await RunInAsync(AppContext.BaseDirectory, args);

    public static async Task<ToolResult> RunInAsync(string folder, params string[] args) => await EndAsync(Start(folder, args));

    /// <summary>Starts the tool; <see cref="EndAsync"/> waits for it.</summary>
    public static Process Start(string folder, params string[] args)
    {
        ProcessStartInfo start = new(Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) is "dotnet" ? path : "dotnet")
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "Pondus.Cli.dll"));
        foreach (string arg in args)
        {
            start.ArgumentList.Add(arg);
        }

        return Process.Start(start)!;
    }

    /// <summary>Waits for the end and gives what the tool left behind.</summary>
    public static async Task<ToolResult> EndAsync(Process process)
    {
        using (process)
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync();
            Task<string> error = process.StandardError.ReadToEndAsync();
            using CancellationTokenSource limit = new(s_limit);
            try
            {
                await process.WaitForExitAsync(limit.Token);
            }
            catch (OperationCanceledException e)
            {
                process.Kill(entireProcessTree: true);
                throw new TimeoutException($"pondus {string.Join(' ', process.StartInfo.ArgumentList.Skip(1))} did not end.", e);
            }

            return new ToolResult(process.ExitCode, await output, await error);
        }
    }

    /// <summary>Sends SIGINT, as Ctrl-C does.</summary>
    public static void Interrupt(Process process)
    {
        using Process kill = Process.Start("sh", ["-c", string.Create(CultureInfo.InvariantCulture, $"kill -INT {process.Id}")]);
        kill.WaitForExit();
    }
}

/// <summary>What the tool left behind.</summary>
internal sealed record ToolResult(int Status, string Out, string Error);
