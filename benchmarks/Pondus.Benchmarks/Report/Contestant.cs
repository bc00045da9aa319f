using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;

namespace Pondus.Benchmarks.Report;

/// <summary>A program that measures one thing and prints one JSON line.</summary>
/// <param name="Name">What the table calls it.</param>
/// <param name="Program">The program.</param>
/// <param name="Arguments">Its arguments.</param>
internal sealed record Contestant(string Name, string Program, string[] Arguments)
{
    /// <summary>Gets the first line that it wrote to its error stream in its last run, when it failed.</summary>
    public string? Failure { get; private set; }

    /// <summary>This program as a child.</summary>
    public static Contestant Pondus(string name, params string[] arguments) =>
        new(name, "dotnet", [Path.Combine(AppContext.BaseDirectory, "Pondus.Benchmarks.dll"), "--child", .. arguments]);

    public static Contestant Torch(params string[] arguments) =>
        new("PyTorch", "/usr/bin/python3", [Path.Combine(Repository.Root, "benchmarks", "peers", "bench_torch.py"), .. arguments]);

    public static Contestant OnnxRuntime(params string[] arguments) =>
        new("onnxruntime", "node", [Path.Combine(Repository.Root, "benchmarks", "peers", "bench_onnxruntime.js"), .. arguments]);

    /// <summary>Runs it to its end.</summary>
    /// <returns>What it printed, or null when it could not run: see <see cref="Failure"/>.</returns>
    public JsonObject? Run()
    {
        (int exitCode, string output, string error, _) = Execute();
        if (exitCode == 0 && output.LastIndexOf('{') >= 0)
        {
            string line = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Last(static l => l.StartsWith('{'));
            return JsonNode.Parse(line)!.AsObject();
        }

        Failure = error.Split('\n', StringSplitOptions.RemoveEmptyEntries).LastOrDefault() ?? $"exit code {exitCode}";
        return null;
    }

    /// <summary>Runs it to its end and times it from outside.</summary>
    public (int ExitCode, string Output, string Error, double Seconds) Execute()
    {
        ProcessStartInfo start = new(Program, Arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            UseShellExecute = false,
        };
        long begin = Stopwatch.GetTimestamp();
        try
        {
            using Process process = Process.Start(start)!;
            Task<string> error = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, output, error.GetAwaiter().GetResult(), Stopwatch.GetElapsedTime(begin).TotalSeconds);
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            return (-1, string.Empty, $"{Program}: {e.Message}", 0);
        }
    }
}
