using Xunit;

namespace Pondus.Tests.Support;

/// <summary>Packages of npm that judge or feed tests: onnxruntime and networks that others publish, below the folder that PONDUS_NODE names.</summary>
public static class NodePackages
{
    /// <summary>The variable that names the folder which holds <c>node_modules</c>; each reason to skip names it too.</summary>
    public const string Variable = "PONDUS_NODE";

    /// <summary>The folder, where it is there.</summary>
    public static string Folder
    {
        get
        {
            string? named = Environment.GetEnvironmentVariable(Variable);
            return string.IsNullOrEmpty(named)
                ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache", "pondus-node")
                : named;
        }
    }

    /// <summary>The full path of a file of a package, or the test ends here as skipped.</summary>
    /// <param name="relative">From <c>node_modules</c>, with slashes.</param>
    public static string PathOf(string relative)
    {
        string path = Path.Combine(Folder, "node_modules", relative.Replace('/', Path.DirectorySeparatorChar));
        if (!File.Exists(path) && !Directory.Exists(path))
        {
            Assert.Skip($"needs {relative}: not installed ({Variable})");
        }

        return path;
    }

    /// <summary>Runs a script with Node in the folder of the packages and returns what it printed, or the test ends here as skipped.</summary>
    /// <param name="script">Text of the script.</param>
    /// <param name="arguments">What it finds in <c>process.argv.slice(1)</c>.</param>
    public static string RunNode(string script, params string[] arguments)
    {
        _ = PathOf("onnxruntime-node/package.json");
        string resolved = $"process.chdir({System.Text.Json.JsonSerializer.Serialize(Folder)});globalThis.require = require('module').createRequire({System.Text.Json.JsonSerializer.Serialize(Path.Combine(Folder, "tests.js"))});{script}";
        (int status, string output, string error) = Peers.Run("/usr/bin/env", ["node", "-e", resolved, "--", .. arguments], TimeSpan.FromMinutes(2));
        if (status != 0)
        {
            Assert.Fail($"node: expected exit status 0, got {status}.\n{output}\n{error}");
        }

        return output;
    }
}
