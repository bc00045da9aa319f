using System.Diagnostics;
using Xunit;

namespace Pondus.Tests.Conventions;

/// <summary>Shows that the tests notice a broken kernel: with the sign of every matrix product flipped, several parts of the suite turn red.</summary>
public sealed class SabotageTests
{
    [Theory]
    [InlineData("Pondus.Tests.Kernels.GemmTests")]
    [InlineData("Pondus.Tests.Operations.GoldenOperationTests")]
    [InlineData("Pondus.Tests.Training.TrainerTests")]
    public void Suite_ProductsWithFlippedSign_TurnsRed(string testClass)
    {
        Assert.True(Run(testClass, null) == 0, $"{testClass} must pass with whole kernels.");
        Assert.True(Run(testClass, "gemm") != 0, $"{testClass} must fail with a broken matrix product.");
    }

    private static int Run(string testClass, string? sabotage)
    {
        ProcessStartInfo start = new("dotnet") { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in (string[])[typeof(SabotageTests).Assembly.Location, "-class", testClass, "-noLogo"])
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["PONDUS_TEST_SABOTAGE"] = sabotage;
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();

        // A class that was renamed would "pass" and "fail" for want of tests.
        Assert.True(output.Contains("Total: ", StringComparison.Ordinal) && !output.Contains("Total: 0", StringComparison.Ordinal), output + errors.Result);
        return process.ExitCode;
    }
}
