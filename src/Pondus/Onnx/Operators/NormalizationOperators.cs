using Pondus.Formats.Onnx;

namespace Pondus.Onnx.Operators;

/// <summary>Normalizations with a scale and a shift.</summary>
internal static class NormalizationOperators
{
    internal static void Register(OnnxOperators table)
    {
        table.AddSingle("BatchNormalization", BatchNormalization);
        table.AddSingle("LayerNormalization", static call => LastAxes(call, center: true));
        table.AddSingle("RMSNormalization", static call => LastAxes(call, center: false));
        table.AddSingle("GroupNormalization", GroupNormalization);
        table.AddSingle("InstanceNormalization", static call => [Groups(call, call.Input(0) is { Rank: > 1 } x ? x.Shape[1] : 1)]);
    }

    private static OnnxValue?[] BatchNormalization(OnnxCall call)
    {
        OnnxValue x = call.Input(0);
        int channels = x.Rank > 1 ? x.Shape[1] : throw call.Error($"expected (batch, channels, ...), got {x}.");
        float epsilon = call.Float("epsilon", 1e-5f);
        if (x.Count == 0)
        {
            return [x];
        }

        bool trains = call.Opset >= 14 ? call.Int("training_mode", 0) != 0 : call.Opset < 7 && call.Int("is_test", 0) == 0 && call.OutputCount > 1;
        if (!trains && !PassContext.Current.IsTraining
            && StableParameters.Of(call, 1) is { } scale && StableParameters.Of(call, 2) is { } bias && StableParameters.Of(call, 3) is { } mean && StableParameters.Of(call, 4) is { } variance)
        {
            return [OnnxValue.Of(BatchNormOperation.Apply(x.AsTensor(), new ChannelParameters(scale, bias), new RunningStatistics(mean, variance, mean, null), epsilon, relu: call.Relu is { } wish && wish.Take()))];
        }

        int[] shape = [channels, .. Enumerable.Repeat(1, x.Rank - 2)];
        Tensor input = x.AsTensor(), center = Row(3), spread = Row(4);
        if (!trains)
        {
            return [OnnxValue.Of(Affine(input, center, spread, epsilon, Row(1), Row(2)))];
        }

        Tensor places = input.Reshape([x.Shape[0], channels, Movement.Inner(x.Shape, 1)]);
        Tensor batchMean = places.Mean(2, keepAxis: true).Mean(0).Reshape(new Shape(shape));
        Tensor deviation = (input - batchMean).Square().Reshape(places.Shape);
        Tensor batchVariance = deviation.Mean(2, keepAxis: true).Mean(0).Reshape(new Shape(shape));
        float momentum = call.Float("momentum", 0.9f);
        Tensor y = Affine(input, batchMean, batchVariance, epsilon, Row(1), Row(2));
        return
        [
            OnnxValue.Of(y),
            OnnxValue.Of(((center * momentum) + (batchMean * (1 - momentum))).Reshape([channels])),
            OnnxValue.Of(((spread * momentum) + (batchVariance * (1 - momentum))).Reshape([channels])),
        ];

        Tensor Row(int index) => call.Input(index).Count == channels
            ? call.Input(index).Reshaped(shape).AsTensor()
            : throw call.Error($"expected {channels} numbers as input {index}, got {call.Input(index)}.");
    }

    private static Tensor Affine(Tensor x, Tensor mean, Tensor variance, float epsilon, Tensor scale, Tensor bias)
    {
        Tensor factor = scale / (variance + epsilon).SquareRoot();
        return ((x - mean) * factor) + bias;
    }

    private static OnnxValue?[] LastAxes(OnnxCall call, bool center)
    {
        OnnxValue x = call.Input(0), scale = call.Input(1);
        OnnxValue? bias = call.Optional(2);
        int axis = call.Axis(call.Int("axis", -1), x.Rank), n = Movement.Count(x.Shape.AsSpan(axis));
        float epsilon = call.Float("epsilon", 1e-5f);
        if (x.Count == 0)
        {
            return [x];
        }

        Tensor input = x.AsTensor();
        Parameter? weight = scale.Count == n ? StableParameters.Of(call, 1) : null;
        Parameter? shift = weight is not null && bias?.Count == n ? StableParameters.Of(call, 2) : null;
        bool fused = weight is not null && (bias is null || shift is not null);
        Tensor y = RowNormOperation.Apply(input, n, fused ? weight : null, fused ? shift : null, epsilon, center);
        if (!fused)
        {
            y *= scale.AsTensor();
            y = bias is null ? y : y + bias.AsTensor();
        }

        if (!call.Wants(1) && !call.Wants(2))
        {
            return [OnnxValue.Of(y)];
        }

        int rows = x.Count / n;
        Tensor flat = input.Reshape([rows, n]), mean = flat.Mean(1, keepAxis: true);
        Tensor inverse = ((center ? flat - mean : flat).Square().Mean(1, keepAxis: true) + epsilon).SquareRoot().Reciprocal();
        int[] shape = [.. x.Shape[..axis], .. Enumerable.Repeat(1, x.Rank - axis)];
        return [OnnxValue.Of(y), OnnxValue.Of(mean).Reshaped(shape), OnnxValue.Of(inverse).Reshaped(shape)];
    }

    private static OnnxValue?[] GroupNormalization(OnnxCall call)
    {
        long groups = call.Int("num_groups", 0);
        int channels = call.Input(0).Rank > 1 ? call.Input(0).Shape[1] : 0;
        return groups >= 1 && channels % groups == 0
            ? [Groups(call, (int)groups)]
            : throw call.Error($"expected groups that divide {channels} channels, got {groups}.");
    }

    private static OnnxValue Groups(OnnxCall call, int groups)
    {
        OnnxValue x = call.Input(0), scale = call.Input(1), bias = call.Input(2);
        int channels = x.Rank > 1 ? x.Shape[1] : throw call.Error($"expected (batch, channels, ...), got {x}.");
        if (x.Count == 0)
        {
            return x;
        }

        float epsilon = call.Float("epsilon", 1e-5f);
        if (scale.Count == channels && StableParameters.Of(call, 1) is { } weight && StableParameters.Of(call, 2) is { } shift)
        {
            return OnnxValue.Of(GroupNormOperation.Apply(x.AsTensor(), groups, weight, shift, epsilon, silu: false));
        }

        // Version 18 had a scale a group.
        Tensor y = GroupNormOperation.Apply(x.AsTensor(), groups, null, null, epsilon, silu: false);
        return OnnxValue.Of((y * Rows(scale)) + Rows(bias));

        Tensor Rows(OnnxValue value)
        {
            if (channels % value.Count != 0)
            {
                throw call.Error($"expected a number for each of {channels} channels or {groups} groups, got {value}.");
            }

            int[] places = [.. Enumerable.Range(0, channels).Select(c => c / (channels / value.Count))];
            OnnxValue each = value.Count == channels ? value : EngineValues.PickAlong(value.Reshaped(value.Count), 0, places);
            return each.Reshaped([channels, .. Enumerable.Repeat(1, x.Rank - 2)]).AsTensor();
        }
    }
}
