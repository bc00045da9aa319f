namespace Pondus.Onnx.Operators;

/// <summary>What ai.onnx.ml does to scores behind a classifier or regressor.</summary>
internal static class PostTransforms
{
    public static OnnxValue Apply(OnnxCall call, OnnxValue scores)
    {
        string transform = call.Text("post_transform", "NONE");
        switch (transform)
        {
            case "NONE":
                return scores;
            case "LOGISTIC":
                return OnnxValue.Of(Array.ConvertAll(scores.Data<float>(), static x => 1 / (1 + MathF.Exp(-x))), scores.Shape);
            case "SOFTMAX" or "SOFTMAX_ZERO":
                float[] y = [.. scores.Data<float>()];
                for (int start = 0, size = scores.Shape[^1]; start < y.Length; start += size)
                {
                    Softmax(y.AsSpan(start, size), skipZeros: transform == "SOFTMAX_ZERO");
                }

                return OnnxValue.Of(y, scores.Shape);
            default:
                throw call.Error($"expected post_transform NONE, LOGISTIC, SOFTMAX or SOFTMAX_ZERO, got '{transform}'.");
        }
    }

    private static void Softmax(Span<float> x, bool skipZeros)
    {
        float largest = float.NegativeInfinity, sum = 0;
        foreach (float value in x)
        {
            largest = MathF.Max(largest, value);
        }

        foreach (ref float value in x)
        {
            value = skipZeros && value == 0 ? 0 : MathF.Exp(value - largest);
            sum += value;
        }

        foreach (ref float value in x)
        {
            value /= sum;
        }
    }
}
