namespace Pondus.Onnx.Operators;

/// <summary>Losses of classes given by number.</summary>
internal static class LossOperators
{
    internal static void Register(OnnxOperators table)
    {
        table.Add("NegativeLogLikelihoodLoss", static call => [Loss(call, call.Input(0), Elements.Doubles(call.Input(0)))]);
        table.Add("SoftmaxCrossEntropyLoss", static call =>
        {
            OnnxValue x = call.Input(0);
            double[] logarithms = LogSoftmax(call, x);
            return [Loss(call, x, logarithms), Elements.OfDoubles(x.Type, logarithms, x.Shape)];
        });
    }

    /// <summary>x - log Σ exp x over the classes, which are axis 1.</summary>
    private static double[] LogSoftmax(OnnxCall call, OnnxValue x)
    {
        if (x.Rank < 2)
        {
            throw call.Error($"expected scores (batch, class, ...), got {x}.");
        }

        double[] y = Elements.Doubles(x);
        int classes = x.Shape[1], inner = Movement.Inner(x.Shape, 1);
        for (int line = 0; line < x.Shape[0] * inner; line++)
        {
            int start = (line / inner * classes * inner) + (line % inner);
            double largest = double.NegativeInfinity, sum = 0;
            for (int i = 0; i < classes; i++)
            {
                largest = Math.Max(largest, y[start + (i * inner)]);
            }

            for (int i = 0; i < classes; i++)
            {
                sum += Math.Exp(y[start + (i * inner)] - largest);
            }

            double shift = largest + Math.Log(sum);
            for (int i = 0; i < classes; i++)
            {
                y[start + (i * inner)] -= shift;
            }
        }

        return y;
    }

    private static OnnxValue Loss(OnnxCall call, OnnxValue x, double[] logarithms)
    {
        OnnxValue labels = call.Input(1);
        if (x.Rank < 2 || labels.Rank != x.Rank - 1 || labels.Count != x.Shape[0] * Movement.Inner(x.Shape, 1))
        {
            throw call.Error($"expected scores (batch, class, ...) and labels (batch, ...), got {x} and {labels}.");
        }

        int classes = x.Shape[1], inner = Movement.Inner(x.Shape, 1);
        long[] label = labels.Integers();
        double[]? weights = call.Optional(2) is { } given ? Elements.Doubles(given) : null;
        if (weights is not null && weights.Length != classes)
        {
            throw call.Error($"expected {classes} weights, got {weights.Length}.");
        }

        long? ignored = call.Has("ignore_index") ? call.Int("ignore_index", 0) : null;
        double[] losses = new double[label.Length];
        double sum = 0, weightSum = 0;
        for (int i = 0; i < losses.Length; i++)
        {
            if (label[i] == ignored)
            {
                continue;
            }

            int index = call.Index(label[i], classes);
            double weight = weights?[index] ?? 1;
            losses[i] = -weight * logarithms[(((i / inner * classes) + index) * inner) + (i % inner)];
            sum += losses[i];
            weightSum += weight;
        }

        return call.Text("reduction", "mean") switch
        {
            "none" => Elements.OfDoubles(x.Type, losses, labels.Shape),
            "sum" => Elements.OfDoubles(x.Type, [sum]),
            "mean" => Elements.OfDoubles(x.Type, [sum / weightSum]),
            string reduction => throw call.Error($"expected reduction none, sum or mean, got '{reduction}'."),
        };
    }
}
