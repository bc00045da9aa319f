using System.Text.Json;
using Xunit;

namespace Pondus.Tests.Conformance;

/// <summary>Every operator that Pondus has, on the samples of PyTorch's op_db: outputs, gradients, refusals.</summary>
public sealed class OperatorConformanceTests
{
    public static TheoryData<string> Names => new(OperatorAdapters.All.Keys);

    [Theory]
    [MemberData(nameof(Names))]
    public void Operator_SamplesOfPyTorch_AgreeOrAreListed(string name)
    {
        using JsonDocument file = ConformanceExport.Load("operators", OperatorAdapters.All.Keys, name);
        Func<ConformanceCall, Tensor> adapter = OperatorAdapters.All[name];
        ConformanceCount count = new();
        foreach (JsonElement sample in file.RootElement.GetProperty("samples").EnumerateArray())
        {
            Run(name, sample, adapter, count);
        }

        foreach (JsonElement error in file.RootElement.GetProperty("errors").EnumerateArray())
        {
            ConformanceRun.Refusal(error.GetProperty("message").GetString()!, count, () => Call(error, adapter, isWrong: true), Pass(name, error));
        }

        count.Leave("not computed by PyTorch in double", file.RootElement.GetProperty("left_out").GetInt32());
        ConformanceTable.Check("operators", name, count);
    }

    private static (Tensor Output, ConformanceCall Arguments) Call(JsonElement sample, Func<ConformanceCall, Tensor> adapter, bool isWrong)
    {
        ConformanceCall call = new(sample.GetProperty("args"), sample.GetProperty("kwargs"), sample.GetProperty("variant").GetString()!, isWrong);
        Tensor y = adapter(call);
        call.CheckAllRead();
        return (y, call);
    }

    private static PassContext Pass(string name, JsonElement sample) => new(
        sample.GetProperty("kwargs").TryGetProperty("training", out JsonElement training) ? training.GetBoolean() : name != "nn.functional.batch_norm", new RandomSource(1));

    private static void Run(string name, JsonElement sample, Func<ConformanceCall, Tensor> adapter, ConformanceCount count)
    {
        ConformanceRun.Sample(sample, count, Body, Pass(name, sample));

        string? Body()
        {
            (Tensor y, ConformanceCall call) = Call(sample, adapter, isWrong: false);
            count.Note(call.Note);
            return ConformanceRun.CompareOutputs(sample, [y, .. call.MoreOutputs]) ?? ConformanceRun.CompareGradients(sample.GetProperty("gradients"), call);
        }
    }
}
