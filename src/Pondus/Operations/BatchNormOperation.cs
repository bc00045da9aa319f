using Pondus.Kernels;

namespace Pondus;

/// <summary>Batch norm with what often follows it: y = relu((x - mean) / sqrt(variance + epsilon) weight + bias + addend).</summary>
/// <remarks>
/// Memory: training reads x twice and writes y; the backward pass reads x and dy twice and writes dx. With an addend, the gradient that ReLU
/// lets through replaces dy in its buffer, which then becomes the addend's gradient without a copy.
/// </remarks>
internal sealed unsafe class BatchNormOperation : Operation
{
    private static readonly BatchNormOperation s_instance = new();

    /// <summary>Computes the norm of x (N, C, ...); the caller has checked the channels.</summary>
    /// <param name="input">The input.</param>
    /// <param name="parameters">Weight and bias, or null for 1 and 0.</param>
    /// <param name="running">Statistics for evaluation, which training updates; null takes those of the batch always.</param>
    /// <param name="epsilon">Added to the variance.</param>
    /// <param name="addend">Added before ReLU, of the shape of x; or null.</param>
    /// <param name="relu">Whether ReLU follows.</param>
    public static Tensor Apply(Tensor input, ChannelParameters? parameters, RunningStatistics? running, float epsilon, Tensor? addend = null, bool relu = false)
    {
        bool images = input.Rank > 2;
        Node x = images ? input.UseChannelsLast() : input.Use();
        Node? e = addend is not { } added ? null : images ? added.UseChannelsLast() : added.Use();
        Node? weight = parameters?.Weight.Node, bias = parameters?.Bias.Node;
        int channels = x.Shape[1], rows = channels == 0 ? 0 : x.Count / channels;
        bool ofBatch = running is null || PassContext.Current.IsTraining;

        // Either of the two parameters makes the result one of the tape; both come back by State.
        Node y = Tape.Result(x.Shape, s_instance, x, weight is { NeedsGradient: false } ? bias : weight, e);
        y.ChannelsLast = images;
        ChannelNumbers numbers = ChannelNumbers.At(Tape.Scratch((int)ChannelNumbers.Room(channels), out float[] home), channels);
        y.State.Saved = numbers.Mean;
        y.State.Object = Tape.Current is { Traces: true } ? (parameters, running, epsilon) : parameters;
        y.State.I0 = (relu ? 1 : 0) | (ofBatch ? 2 : 0);

        double* mean = PartialSums.Doubles(2 * channels), squares = mean + channels;
        if (ofBatch)
        {
            BatchNormKernels.Statistics(x.Data, rows, channels, mean, squares);
            running?.Add(mean, squares, rows);
        }

        for (int c = 0; c < channels; c++)
        {
            double variance = ofBatch ? squares[c] / Math.Max(1, rows) : running!.Variance.Values[c];
            double deviation = Math.Sqrt(variance + epsilon);
            numbers.Mean[c] = ofBatch ? (float)mean[c] : running!.Mean.Values[c];
            numbers.Scale[c] = (float)((weight is null ? 1f : weight.Data[c]) / deviation);
            numbers.Shift[c] = bias is null ? 0f : bias.Data[c];
            numbers.Slope[c] = (float)(1 / deviation);
        }

        BatchNormKernels.Normalize(x.Data, e is null ? null : e.Data, y.Data, rows, channels, numbers, relu);
        GC.KeepAlive(home);
        GC.KeepAlive(x);
        GC.KeepAlive(e);
        return new Tensor(y);
    }

    public override string Describe(GraphSketch sketch, Node result)
    {
        if (result.State.Object is not ValueTuple<ChannelParameters?, RunningStatistics?, float> { Item2: { } running } state)
        {
            throw new NotSupportedException("BatchNorm without running statistics");
        }

        (ChannelParameters? parameters, _, float epsilon) = state;
        int channels = result.Shape[1];
        string scale = parameters is null ? sketch.Constant([.. Enumerable.Repeat(1f, channels)], [channels]) : sketch.Of(parameters.Weight);
        string shift = parameters is null ? sketch.Constant(new float[channels], [channels]) : sketch.Of(parameters.Bias);
        string y = sketch.Emit("BatchNormalization", [sketch.Of(result.A!), scale, shift, sketch.Of(running.Mean), sketch.Of(running.Variance)], [new("epsilon", epsilon)]);
        y = result.C is { } addend ? sketch.Emit("Add", [y, sketch.Of(addend)]) : y;
        return (result.State.I0 & 1) != 0 ? sketch.Emit("Relu", y) : y;
    }

    public override void Backward(Tape tape, Node y)
    {
        Node x = y.A!;
        Node? e = y.C;
        ChannelParameters? parameters = (ChannelParameters?)y.State.Object;
        int channels = x.Shape[1], rows = channels == 0 ? 0 : x.Count / channels;
        bool relu = (y.State.I0 & 1) != 0, ofBatch = (y.State.I0 & 2) != 0;
        ChannelNumbers numbers = ChannelNumbers.At(y.State.Saved, channels);
        double* sums = PartialSums.Doubles(2 * channels), products = sums + channels;

        // Without an addend the passes find again from x where ReLU lets through, which costs less than to read y.
        bool masked = relu && e is not null;
        BatchNormKernels.GradientSums(x.Data, masked ? y.Data : null, y.Gradient, rows, channels, numbers, relu, sums, products);
        AddParameterGradients(tape, parameters, numbers, sums, products);
        if (x.NeedsGradient)
        {
            double share = ofBatch && rows > 0 ? 1.0 / rows : 0;
            for (int c = 0; c < channels; c++)
            {
                double inverse = numbers.Slope[c];
                numbers.Constant[c] = (float)(-numbers.Scale[c] * sums[c] * share);
                numbers.Slope[c] = (float)(-numbers.Scale[c] * products[c] * inverse * inverse * share);
            }

            float* dx = tape.GradientOf(x, out bool add);
            BatchNormKernels.InputGradient(x.Data, y.Gradient, dx, add, rows, channels, numbers, relu && !masked);
        }

        if (e is not null && e.NeedsGradient)
        {
            tape.HandOn(y, e);
        }

        GC.KeepAlive(x);
    }

    private static void AddParameterGradients(Tape tape, ChannelParameters? parameters, in ChannelNumbers numbers, double* sums, double* products)
    {
        if (parameters is null)
        {
            return;
        }

        Node weight = parameters.Weight.Node, bias = parameters.Bias.Node;
        int channels = weight.Count;
        if (weight.NeedsGradient)
        {
            float* d = tape.GradientOf(weight, out bool add);
            for (int c = 0; c < channels; c++)
            {
                d[c] = (add ? d[c] : 0f) + (float)(products[c] * numbers.Slope[c]);
            }
        }

        if (bias.NeedsGradient)
        {
            float* d = tape.GradientOf(bias, out bool add);
            for (int c = 0; c < channels; c++)
            {
                d[c] = (add ? d[c] : 0f) + (float)sums[c];
            }
        }
    }
}
