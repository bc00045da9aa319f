namespace Pondus.Onnx.Operators;

/// <summary>Steps of optimizers as ONNX defines them (ai.onnx.preview.training, version 1), which differ from PyTorch's.</summary>
internal static class TrainingOperators
{
    internal const string Domain = "ai.onnx.preview.training";

    internal static void Register(OnnxOperators table)
    {
        table.Add(Domain, "Adagrad", Adagrad);
        table.Add(Domain, "Adam", Adam);
        table.Add(Domain, "Momentum", Momentum);
    }

    /// <summary>h += g²; x -= r / (1 + t decay) g / (√h + ε), where g includes the weight's share of the norm.</summary>
    private static OnnxValue?[] Adagrad(OnnxCall call)
    {
        double rate = Rate(call) / (1 + (Count(call) * call.Float("decay_factor", 0f)));
        double share = call.Float("norm_coefficient", 0f), epsilon = call.Float("epsilon", 1e-6f);
        return Update(call, 1, (ref double x, double g, double[] state) =>
        {
            g += share * x;
            state[0] += g * g;
            x -= rate * g / (Math.Sqrt(state[0]) + epsilon);
        });
    }

    /// <summary>v = αv + (1-α)g; h = βh + (1-β)g²; x -= r' v / (√h + ε), with r' = r √(1-βᵗ)/(1-αᵗ) from the second step on.</summary>
    private static OnnxValue?[] Adam(OnnxCall call)
    {
        double alpha = call.Float("alpha", 0.9f), beta = call.Float("beta", 0.999f), epsilon = call.Float("epsilon", 1e-6f);
        double share = call.Float("norm_coefficient", 0f), shrink = 1 - call.Float("norm_coefficient_post", 0f);
        double rate = Rate(call);
        long count = Count(call);
        if (count > 0)
        {
            rate *= Math.Sqrt(1 - Math.Pow(beta, count)) / (1 - Math.Pow(alpha, count));
        }

        return Update(call, 2, (ref double x, double g, double[] state) =>
        {
            g += share * x;
            state[0] = (alpha * state[0]) + ((1 - alpha) * g);
            state[1] = (beta * state[1]) + ((1 - beta) * g * g);
            x = shrink * (x - (rate * state[0] / (Math.Sqrt(state[1]) + epsilon)));
        });
    }

    /// <summary>v = αv + βg (β is 1 at the first step); x -= r v, or with Nesterov's look ahead x -= r (g + αv).</summary>
    private static OnnxValue?[] Momentum(OnnxCall call)
    {
        double alpha = call.Float("alpha", 0f), share = call.Float("norm_coefficient", 0f), rate = Rate(call);
        double beta = Count(call) > 0 ? call.Float("beta", 1f) : 1;
        string mode = call.Text("mode", "standard");
        bool isNesterov = mode == "nesterov";
        if (!isNesterov && mode != "standard")
        {
            throw call.Error($"expected mode standard or nesterov, got {mode}.");
        }

        return Update(call, 1, (ref double x, double g, double[] state) =>
        {
            g += share * x;
            state[0] = (alpha * state[0]) + (beta * g);
            x -= rate * (isNesterov ? g + (alpha * state[0]) : state[0]);
        });
    }

    private static double Rate(OnnxCall call) => Elements.Doubles(call.Input(0))[0];

    private static long Count(OnnxCall call) => call.Input(1).Integers()[0];

    /// <summary>Inputs are rate, count, then all weights, all gradients, all of each state; outputs are weights and states in the same order.</summary>
    private static OnnxValue?[] Update(OnnxCall call, int stateCount, UpdateStep step)
    {
        int kinds = stateCount + 2, tensors = (call.Inputs.Count - 2) / kinds;
        if ((tensors * kinds) + 2 != call.Inputs.Count || tensors == 0)
        {
            throw call.Error($"expected rate, count and {kinds} inputs for each weight, got {call.Inputs.Count} inputs.");
        }

        OnnxValue?[] outputs = new OnnxValue?[tensors * (stateCount + 1)];
        double[] state = new double[stateCount];
        for (int i = 0; i < tensors; i++)
        {
            OnnxValue weight = call.Input(2 + i);
            double[][] values = [.. Enumerable.Range(0, kinds).Select(kind => Elements.Doubles(call.Input(2 + (kind * tensors) + i)))];
            if (Array.Exists(values, array => array.Length != values[0].Length))
            {
                throw call.Error($"expected gradient and state of the weight's {values[0].Length} values, got {string.Join(", ", values.Skip(1).Select(static array => array.Length))}.");
            }

            for (int j = 0; j < values[0].Length; j++)
            {
                for (int k = 0; k < stateCount; k++)
                {
                    state[k] = values[k + 2][j];
                }

                step(ref values[0][j], values[1][j], state);
                for (int k = 0; k < stateCount; k++)
                {
                    values[k + 2][j] = state[k];
                }
            }

            outputs[i] = Elements.OfDoubles(weight.Type, values[0], weight.Shape);
            for (int k = 0; k < stateCount; k++)
            {
                outputs[((k + 1) * tensors) + i] = Elements.OfDoubles(weight.Type, values[k + 2], weight.Shape);
            }
        }

        return outputs;
    }

    private delegate void UpdateStep(ref double x, double g, double[] state);
}
