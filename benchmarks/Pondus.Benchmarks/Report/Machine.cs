using System.Runtime.InteropServices;

namespace Pondus.Benchmarks.Report;

/// <summary>What the numbers were measured on.</summary>
internal static class Machine
{
    public static string Processor { get; } = Field("model name") ?? RuntimeInformation.ProcessArchitecture.ToString();

    public static string Description =>
        $"{Processor} (family {Field("cpu family")}, model {Field("model")}), {Environment.ProcessorCount} cores, {Pondus.Compute.KernelSet} kernels, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}";

    /// <summary>Gets the processor's name as part of a file's name.</summary>
    public static string Slug => string.Join('-', Processor.ToLowerInvariant().Split([' ', '(', ')', '@', '/', '.'], StringSplitOptions.RemoveEmptyEntries));

    public static string Commit => new Contestant("git", "git", ["-C", Repository.Root, "describe", "--always", "--dirty"]).Execute() is (0, string text, _, _) ? text.Trim() : "unknown";

    private static string? Field(string name)
    {
        const string file = "/proc/cpuinfo";
        string? line = File.Exists(file) ? File.ReadLines(file).FirstOrDefault(l => l.Split(':')[0].Trim() == name) : null;
        return line?.Split(':')[1].Trim();
    }
}
