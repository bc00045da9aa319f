using System.Diagnostics;

namespace Pondus.Cli.Tests;

/// <summary>Runs the built tool as its users do: in a process of its own.</summary>
internal static class Tool
{
    public static async Task<ToolResult> RunAsync(params string[] args) => await RunInAsync(AppContext.BaseDirectory, args);

    public static async Task<ToolResult> RunInAsync(string folder, params string[] args)
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

        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        using CancellationTokenSource limit = new(TimeSpan.FromMinutes(1));
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException e)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"pondus {string.Join(' ', args)} did not end.", e);
        }

        return new ToolResult(process.ExitCode, await output, await error);
    }
}

/// <summary>What the tool left behind.</summary>
internal sealed record ToolResult(int Status, string Out, string Error);
