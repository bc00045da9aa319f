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
            Run(sample, adapter, count);
        }

        foreach (JsonElement error in file.RootElement.GetProperty("errors").EnumerateArray())
        {
            ConformanceRun.Refusal(error.GetProperty("message").GetString()!, count, () => Call(error, adapter));
        }

        ConformanceTable.Check("operators", name, count);
    }

    private static (Tensor Output, ConformanceCall Arguments) Call(JsonElement sample, Func<ConformanceCall, Tensor> adapter)
    {
        ConformanceCall call = new(sample.GetProperty("args"), sample.GetProperty("kwargs"), sample.GetProperty("variant").GetString()!);
        Tensor y = adapter(call);
        call.CheckAllRead();
        return (y, call);
    }

    private static void Run(JsonElement sample, Func<ConformanceCall, Tensor> adapter, ConformanceCount count) => ConformanceRun.Sample(sample, count, () =>
    {
        (Tensor y, ConformanceCall call) = Call(sample, adapter);
        string? difference = ConformanceRun.CompareOutputs(sample, [y]);
        difference ??= ConformanceRun.CompareGradients(sample.GetProperty("gradients"), call);
        count.Note(call.Note);
        return difference;
    });
}
