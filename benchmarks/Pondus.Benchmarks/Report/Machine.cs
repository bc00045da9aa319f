using System.Runtime.InteropServices;

namespace Pondus.Benchmarks.Report;

/// <summary>What the numbers were measured on.</summary>
internal static class Machine
{
    public static string Processor { get; } = Field("model name") ?? RuntimeInformation.ProcessArchitecture.ToString();

    public static string Description =>
        $"{Processor} (family {Field("cpu family")}, model {Field("model")}), {Environment.ProcessorCount} cores, {Pondus.Compute.KernelSet} kernels, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}";

    /// <summary>Gets the processor's name as part of a file's name, with the kernels unless they are the usual ones.</summary>
    public static string Slug => (Pondus.Compute.KernelSet == "avx512" ? string.Empty : $"{Pondus.Compute.KernelSet}-") + string.Join('-', Processor.ToLowerInvariant().Split([' ', '(', ')', '@', '/', '.'], StringSplitOptions.RemoveEmptyEntries));

    /// <summary>Gets the commit, marked when sources differ from it; results that were just written do not count.</summary>
    public static string Commit =>
        Git("rev-parse", "--short", "HEAD") is (0, string commit) ? commit.Trim() + (Git("diff", "--quiet", "HEAD", "--", ".", ":!benchmarks/results").ExitCode == 0 ? string.Empty : "-dirty") : "unknown";

    private static (int ExitCode, string Output) Git(params string[] arguments)
    {
        (int exitCode, string output, _, _) = new Contestant("git", "git", ["-C", Repository.Root, .. arguments]).Execute();
        return (exitCode, output);
    }

    private static string? Field(string name)
    {
        const string file = "/proc/cpuinfo";
        string? line = File.Exists(file) ? File.ReadLines(file).FirstOrDefault(l => l.Split(':')[0].Trim() == name) : null;
        return line?.Split(':')[1].Trim();
    }
}
