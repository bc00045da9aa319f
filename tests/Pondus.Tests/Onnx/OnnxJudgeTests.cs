using Pondus.Onnx;
using Pondus.Onnx.Operators;
using Xunit;

namespace Pondus.Tests.Onnx;

/// <summary>Operators give what onnxruntime gives, those that ONNX's tests of version 1.12 do not cover.</summary>
public sealed class OnnxJudgeTests
{
    // Sums in another order.
    private const double Relative = 1e-4;

    [Fact]
    public void Run_Sampling_GivesWhatOnnxruntimeGives() => AssertAgree(20, OnnxJudgeCases.Sampling());

    [Fact]
    public void Run_Windows_GiveWhatOnnxruntimeGives() => AssertAgree(20, OnnxJudgeCases.Windows());

    [Fact]
    public void Run_Signals_GiveWhatOnnxruntimeGives() => AssertAgree(20, OnnxJudgeCases.Signals());

    [Fact]
    public void Run_Choices_GiveWhatOnnxruntimeGives() => AssertAgree(18, OnnxJudgeCases.Choices());

    [Fact]
    public void Run_Sums_GiveWhatOnnxruntimeGives() => AssertAgree(20, OnnxJudgeCases.Sums());

    [Fact]
    public void Run_Resizing_GivesWhatOnnxruntimeGives() => AssertAgree(19, OnnxJudgeCases.Resizing());

    [Fact]
    public void Run_QuantizedNumbers_GiveWhatOnnxruntimeGives() => AssertAgree(21, OnnxJudgeQuantizedCases.Standard());

    [Fact]
    public void Run_QuantizedRuntimeOperators_GiveWhatOnnxruntimeGives() => AssertAgree(20, OnnxJudgeQuantizedCases.QLinear());

    [Fact]
    public void Run_FusedRuntimeOperators_GiveWhatOnnxruntimeGives() => AssertAgree(20, OnnxJudgeQuantizedCases.Fused());

    [Fact]
    public void Run_AttentionOfTheRuntime_GivesWhatOnnxruntimeGives() => AssertAgree(20, OnnxJudgeQuantizedCases.Attention());

    [Fact]
    public void Run_OperatorsOfOpsetSeven_GiveWhatOnnxruntimeGives() => AssertAgree(7, OnnxJudgeOldCases.Seven());

    [Fact]
    public void Run_OperatorsOfOpsetTen_GiveWhatOnnxruntimeGives() => AssertAgree(10, OnnxJudgeOldCases.Ten());

    [Fact]
    public void Run_OperatorsOfOpsetTwelve_GiveWhatOnnxruntimeGives() => AssertAgree(12, OnnxJudgeOldCases.Twelve());

    [Fact]
    public void Run_OperatorsOnTables_GiveWhatOnnxruntimeGives() => AssertAgree(20, OnnxJudgeOldCases.Tables());

    private static void AssertAgree(long opset, IEnumerable<OnnxNodeCase> cases)
    {
        OnnxModelBuilder builder = new(opset);
        Dictionary<string, OnnxNodeCase> subjects = new(StringComparer.Ordinal);
        foreach (OnnxNodeCase one in cases)
        {
            builder.Add(one);
            foreach (string output in builder.Subjects.Keys.Except(subjects.Keys).ToArray())
            {
                subjects[output] = one;
            }
        }

        string folder = Directory.CreateTempSubdirectory("pondus-judge-").FullName, path = Path.Combine(folder, "model.onnx");
        try
        {
            File.WriteAllBytes(path, builder.ToBytes());
            Dictionary<string, OnnxValue> expected = OnnxJudge.Run(path, builder.Inputs);
            IReadOnlyDictionary<string, OnnxValue> actual = OnnxNetwork.Load(path).Run(builder.Inputs);
            string[] differences = [.. builder.Subjects
                .Select(pair => (pair.Value, Difference: Difference(subjects[pair.Key], expected[pair.Key], actual[pair.Key])))
                .Where(static pair => pair.Difference is not null)
                .Select(static pair => $"{pair.Value}: {pair.Difference}")];
            Assert.True(differences.Length == 0, string.Join('\n', differences));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string? Difference(OnnxNodeCase one, OnnxValue expected, OnnxValue actual) => one.Steps > 0 && expected.Type == actual.Type && !expected.IsFloating
        ? OnnxDifference.Find(OnnxValue.Of(Elements.Doubles(expected), expected.Shape), OnnxValue.Of(Elements.Doubles(actual), actual.Shape), 0, one.Steps)
        : OnnxDifference.Find(expected, actual, Relative, one.Tolerance);
}
