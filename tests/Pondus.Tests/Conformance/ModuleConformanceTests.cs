using System.Text.Json;
using Xunit;

namespace Pondus.Tests.Conformance;

/// <summary>Every layer and loss that Pondus has, on the samples of PyTorch's module_db: outputs, all gradients, buffers, refusals.</summary>
public sealed class ModuleConformanceTests
{
    public static TheoryData<string> Names => new(ModuleAdapters.All.Keys);

    [Theory]
    [MemberData(nameof(Names))]
    public void Module_SamplesOfPyTorch_AgreeOrAreListed(string name)
    {
        using JsonDocument file = ConformanceExport.Load("modules", ModuleAdapters.All.Keys, name);
        Func<ConformanceModule, Tensor> adapter = ModuleAdapters.All[name];
        ConformanceCount count = new();
        foreach (JsonElement sample in file.RootElement.GetProperty("samples").EnumerateArray())
        {
            PassContext pass = new(sample.GetProperty("training").GetBoolean(), new RandomSource(1));
            ConformanceRun.Sample(sample, count, () => Run(sample, adapter, count), pass);
        }

        foreach (JsonElement error in file.RootElement.GetProperty("errors").EnumerateArray())
        {
            ConformanceRun.Refusal(error.GetProperty("message").GetString()!, count, () => Call(new ConformanceModule(error), adapter));
        }

        count.Leave("not computed by PyTorch in double", file.RootElement.GetProperty("left_out").GetInt32());
        ConformanceTable.Check("modules", name, count);
    }

    private static Tensor Call(ConformanceModule module, Func<ConformanceModule, Tensor> adapter)
    {
        Tensor y = adapter(module);
        module.CheckAllRead();
        return y;
    }

    private static string? Run(JsonElement sample, Func<ConformanceModule, Tensor> adapter, ConformanceCount count)
    {
        ConformanceModule module = new(sample);
        Tensor y = Call(module, adapter);
        count.Note(module.Call.Note);
        return ConformanceRun.CompareOutputs(sample, [y, .. module.Call.MoreOutputs])
            ?? ConformanceRun.CompareGradients(sample.GetProperty("gradients"), module.Call)
            ?? module.CompareState();
    }
}
