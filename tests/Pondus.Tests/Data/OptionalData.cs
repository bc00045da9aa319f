using System.Diagnostics;
using Xunit;

namespace Pondus.Tests.Data;

/// <summary>Data and judges that are not part of the repository: a test without them skips itself.</summary>
internal static class OptionalData
{
    /// <summary>The path of a file or folder under $PONDUS_TEST_DATA.</summary>
    public static string Require(string name)
    {
        string? folder = Environment.GetEnvironmentVariable("PONDUS_TEST_DATA");
        if (string.IsNullOrEmpty(folder))
        {
            Assert.Skip("PONDUS_TEST_DATA is not set");
        }

        string path = Path.Combine(folder, name);
        if (!System.IO.File.Exists(path) && !Directory.Exists(path))
        {
            Assert.Skip($"no {name} in PONDUS_TEST_DATA");
        }

        return path;
    }

    /// <summary>Runs a script with the Python that has PyTorch, TensorBoard and safetensors; gives its standard output.</summary>
    public static string RunPython(string script, params string[] arguments)
    {
        string folder = Environment.GetEnvironmentVariable("PONDUS_PEERS")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache", "pondus-peers");
        string python = Path.Combine(folder, "python");
        if (!System.IO.File.Exists(python))
        {
            Assert.Skip("no Python with the judges in PONDUS_PEERS");
        }

        ProcessStartInfo start = new(python) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PYTHONDONTWRITEBYTECODE"] = "1";
        foreach (string argument in (string[])["-c", script, .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, errors.Result);
        return output;
    }
}
