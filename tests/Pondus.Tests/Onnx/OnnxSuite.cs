using System.Text;
using Xunit;

namespace Pondus.Tests.Onnx;

/// <summary>ONNX's own tests, where Debian's libonnx-testdata is installed; they are run once.</summary>
public static class OnnxSuite
{
    /// <summary>Names a file to which the table is written; none is written without it.</summary>
    public const string TableVariable = "PONDUS_ONNX_TABLE";

    private const string Folder = "/usr/share/libonnx-testdata/data";

    private static readonly Lazy<List<OnnxSuiteCase>> s_cases = new(RunAll);

    private const string RandomReason = "expects the numbers of NumPy's random generator";

    /// <summary>All tests with what became of them, or the test ends here as skipped.</summary>
    internal static IReadOnlyList<OnnxSuiteCase> Cases
    {
        get
        {
            if (!Directory.Exists(Folder))
            {
                Assert.Skip("needs ONNX's own tests: apt-get install libonnx-testdata");
            }

            return s_cases.Value;
        }
    }

    /// <summary>The table of docs/onnx-conformance.md.</summary>
    internal static string Table()
    {
        StringBuilder text = new();
        IReadOnlyList<OnnxSuiteCase> cases = Cases;
        text.Append("# Conformance with ONNX's own tests\n\n");
        text.Append("ONNX 1.12 tests runtimes by graphs with inputs and expected outputs (Debian's `libonnx-testdata`). The tests in `tests/Pondus.Tests/Onnx` run them all;\n");
        text.Append("floats may differ by 1e-7 and a thousandth of the expected value, as in ONNX's own runner; everything else must be equal.\n");
        text.Append("`test_adam_multiple` leaves out the epsilon that its outputs were made with: as in ONNX's reference runner two decimals must agree.\n");
        text.Append("bfloat16 may be off by one step: the tests cut where the standard has come to round.\n");
        text.Append($"Make this file anew by running `OnnxSuiteTests` with `{TableVariable}` set to its path; the tests compare it with each run.\n\n");
        text.Append("| Group | Tests | Pass |\n|---|---|---|\n");
        foreach (IGrouping<string, OnnxSuiteCase> group in cases.GroupBy(static one => one.Group).OrderBy(static group => group.Key, StringComparer.Ordinal))
        {
            text.Append($"| {group.Key} | {group.Count()} | {group.Count(static one => one.Failure is null)} |\n");
        }

        text.Append($"| all | {cases.Count} | {cases.Count(static one => one.Failure is null)} |\n\n## What fails\n\n| Test | Why |\n|---|---|\n");
        foreach (OnnxSuiteCase one in cases.Where(static one => one.Failure is not null))
        {
            text.Append($"| {one.Name} | {Reason(one)} |\n");
        }

        text.Append("\n## By operator\n\n| Operator | Tests | Pass |\n|---|---|---|\n");
        foreach (IGrouping<string, OnnxSuiteCase> group in cases.GroupBy(static one => one.Subject).OrderBy(static group => group.Key, StringComparer.Ordinal))
        {
            text.Append($"| {group.Key} | {group.Count()} | {group.Count(static one => one.Failure is null)} |\n");
        }

        return text.ToString();
    }

    private static string Reason(OnnxSuiteCase one) =>
        one.Name.StartsWith("test_bernoulli", StringComparison.Ordinal) || one.Name is "test_training_dropout" or "test_training_dropout_default" or "test_training_dropout_default_mask" or "test_training_dropout_mask"
            ? RandomReason
            : one.Failure!.Replace("|", "\\|", StringComparison.Ordinal);

    private static List<OnnxSuiteCase> RunAll()
    {
        List<OnnxSuiteCase> cases = [.. from model in Directory.EnumerateFiles(Folder, "model.onnx", SearchOption.AllDirectories)
                                        let folder = Path.GetDirectoryName(model)!
                                        orderby folder
                                        select new OnnxSuiteCase(Path.GetFileName(Path.GetDirectoryName(folder)!), Path.GetFileName(folder), folder)];
        cases.ForEach(static one => one.Run());
        return cases;
    }
}
