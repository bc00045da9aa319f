using System.Text.Json;
using Pondus.Optimizers;
using Pondus.Tests.Optimizers;
using Xunit;

namespace Pondus.Tests.Conformance;

/// <summary>Every optimizer that Pondus has, with the settings of PyTorch's optim_db: the weights of twelve steps, refusals.</summary>
public sealed class OptimizerConformanceTests
{
    private const double Tolerance = 1e-5;

    public static TheoryData<string> Names => new(OptimizerAdapters.All.Keys);

    [Theory]
    [MemberData(nameof(Names))]
    public void Optimizer_SamplesOfPyTorch_AgreeOrAreListed(string name)
    {
        using JsonDocument file = ConformanceExport.Load("optimizers", OptimizerAdapters.All.Keys, name);
        ConformanceCount count = new();
        foreach (JsonElement sample in file.RootElement.GetProperty("samples").EnumerateArray())
        {
            try
            {
                string? difference = Run(name, sample);
                if (difference is null)
                {
                    count.Agree++;
                }
                else
                {
                    count.Failures.Add($"{sample.GetProperty("kwargs").GetRawText()}: {difference}");
                }
            }
            catch (UnsupportedSampleException reason)
            {
                count.Leave(reason.Message);
            }
        }

        foreach (JsonElement error in file.RootElement.GetProperty("errors").EnumerateArray())
        {
            string message = error.GetProperty("message").GetString()!;

            // The others are about lists of parameters that C# cannot express.
            if (message.StartsWith("Invalid", StringComparison.Ordinal))
            {
                ConformanceRun.Refusal(message, count, () => Make(name, error, new Optimizers.Weights([1f]).Parameters));
            }
        }

        count.Leave("not computed by PyTorch in double", file.RootElement.GetProperty("left_out").GetInt32());
        ConformanceTable.Check("optimizers", name, count);
    }

    private static Optimizer Make(string name, JsonElement sample, IEnumerable<Parameter> parameters)
    {
        ConformanceCall call = new(default, sample.GetProperty("kwargs"));
        Optimizer optimizer = OptimizerAdapters.All[name](call, parameters);
        call.CheckAllRead();
        return optimizer;
    }

    private static string? Run(string name, JsonElement sample)
    {
        ConformanceArray[] start = Arrays(sample.GetProperty("start"));
        Optimizers.Weights weights = new([.. start.Select(static array => array.Singles)]);
        Optimizer optimizer = Make(name, sample, weights.Parameters);
        int step = 0;
        foreach (JsonElement wanted in sample.GetProperty("trace").EnumerateArray())
        {
            if (sample.GetProperty("closure").GetBoolean())
            {
                optimizer.Step(Valley(weights, start));
            }
            else
            {
                ConformanceArray[] gradients = Arrays(sample.GetProperty("gradients")[step]);
                for (int i = 0; i < gradients.Length; i++)
                {
                    weights.SetGradient(i, gradients[i].Singles);
                }

                optimizer.Step();
            }

            step++;
            ConformanceArray[] arrays = Arrays(wanted);
            for (int i = 0; i < arrays.Length; i++)
            {
                if (arrays[i].Difference(weights.OwnParameters[i].Values, Tolerance) is { } difference)
                {
                    return $"parameter {i} after step {step}: {difference}";
                }
            }
        }

        return null;
    }

    /// <summary>The sum of (1 + |s|) (w - t)^2, where t is the start s moved on by one place, as in the script.</summary>
    private static Func<double> Valley(Optimizers.Weights weights, ConformanceArray[] start) => () =>
    {
        double loss = 0;
        for (int i = 0; i < start.Length; i++)
        {
            double[] s = start[i].Values;
            float[] gradient = new float[s.Length];
            for (int j = 0; j < s.Length; j++)
            {
                double difference = weights.OwnParameters[i].Values[j] - s[(j + s.Length - 1) % s.Length], curvature = 1 + Math.Abs(s[j]);
                loss += curvature * difference * difference;
                gradient[j] = (float)(2 * curvature * difference);
            }

            weights.SetGradient(i, gradient);
        }

        return loss;
    };

    private static ConformanceArray[] Arrays(JsonElement json) => [.. json.EnumerateArray().Select(ConformanceArray.Parse)];
}
