using System.Diagnostics;
using Xunit;

namespace Pondus.Tests.Support;

/// <summary>Other people's programs that judge what Pondus writes: a Python with PyTorch and TensorBoard, and a browser.</summary>
public static class Peers
{
    /// <summary>The variable that names the folder of the peers; each reason to skip names it too.</summary>
    public const string Variable = "PONDUS_PEERS";

    /// <summary>The interpreter that sees the peers, or the test ends here as skipped.</summary>
    public static string Python
    {
        get
        {
            string? named = Environment.GetEnvironmentVariable(Variable);
            string path = Path.Combine(string.IsNullOrEmpty(named) ? DefaultFolder : named, "python");
            if (!File.Exists(path))
            {
                Assert.Skip($"needs PyTorch 2.13: no {Variable}/python");
            }

            return path;
        }
    }

    /// <summary>A Chromium, or the test ends here as skipped; PONDUS_CHROMIUM may name another.</summary>
    public static string Chromium
    {
        get
        {
            string? named = Environment.GetEnvironmentVariable("PONDUS_CHROMIUM");
            string[] names = string.IsNullOrEmpty(named) ? ["chromium", "chromium-browser", "google-chrome"] : [named];
            string? path = names.Select(OnPath).FirstOrDefault(found => found is not null);
            if (path is null)
            {
                Assert.Skip("needs Chromium: apt-get install chromium");
            }

            return path;
        }
    }

    private static string DefaultFolder =>
        Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache", "pondus-peers");

    /// <summary>Runs the peers' Python and returns what it printed; a status other than 0 fails the test with both outputs.</summary>
    /// <param name="arguments">Script and its arguments; <c>-c</c> and a text work too.</param>
    /// <param name="timeout">Ends the process; the default is two minutes.</param>
    public static string RunPython(IEnumerable<string> arguments, TimeSpan? timeout = null)
    {
        (int ExitCode, string Output, string Error) result = Run(Python, arguments, timeout ?? TimeSpan.FromMinutes(2));
        if (result.ExitCode != 0)
        {
            Assert.Fail($"python: expected exit status 0, got {result.ExitCode}.\n{result.Output}\n{result.Error}");
        }

        return result.Output;
    }

    /// <summary>Runs a program to its end.</summary>
    /// <param name="program">Its path.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="timeout">After this it is ended, and the test fails.</param>
    public static (int ExitCode, string Output, string Error) Run(string program, IEnumerable<string> arguments, TimeSpan timeout)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        // The test host's own settings of the runtime are not for other programs.
        start.Environment.Remove("DOTNET_EnableAVX512");
        start.Environment.Remove("DOTNET_EnableHWIntrinsic");
        using Process process = Process.Start(start) ?? throw new InvalidOperationException($"{program}: expected a new process, got none.");
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(timeout))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"{program}: expected an end within {timeout}, got none.");
        }

        return (process.ExitCode, output.GetAwaiter().GetResult(), error.GetAwaiter().GetResult());
    }

    private static string? OnPath(string name) =>
        Path.IsPathRooted(name)
            ? File.Exists(name) ? name : null
            : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
                .Where(folder => folder.Length > 0)
                .Select(folder => Path.Combine(folder, name))
                .FirstOrDefault(File.Exists);
}
