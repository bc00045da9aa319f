using Pondus.Formats.Onnx;

namespace Pondus.Onnx.Operators;

/// <summary>Windows, Fourier transforms and the mel scale.</summary>
internal static class SignalOperators
{
    internal static void Register(OnnxOperators table)
    {
        table.Add("HannWindow", static call => Window(call, 0.5, 0.5, 0));
        table.Add("HammingWindow", static call => Window(call, 25.0 / 46, 21.0 / 46, 0));
        table.Add("BlackmanWindow", static call => Window(call, 0.42, 0.5, 0.08));
        table.Add("DFT", Transform);
        table.Add("STFT", ShortTimeTransform);
        table.Add("MelWeightMatrix", MelWeights);
    }

    /// <summary>a - b cos(2πn/N) + c cos(4πn/N), with N one less for a symmetric window.</summary>
    private static OnnxValue?[] Window(OnnxCall call, double a, double b, double c)
    {
        int size = call.Size(call.Input(0));
        double step = 2 * Math.PI / (call.Int("periodic", 1) != 0 ? size : Math.Max(size - 1, 1));
        double[] window = new double[size];
        for (int i = 0; i < size; i++)
        {
            window[i] = a - (b * Math.Cos(step * i)) + (c * Math.Cos(2 * step * i));
        }

        return [Elements.OfDoubles(call.ElementType("output_datatype", OnnxType.Float), window, [size])];
    }

    private static OnnxValue?[] Transform(OnnxCall call)
    {
        OnnxValue x = call.Input(0);
        int rank = x.Rank;
        if (rank < 2 || x.Shape[^1] is not (1 or 2))
        {
            throw call.Error($"expected numbers as a last axis of 1 or 2, got {x}.");
        }

        // From opset 20 on the axis is an input; before it an attribute, by default the first behind the batch.
        int axis = call.Opset < 20
            ? call.Axis(call.Int("axis", 1), rank)
            : call.Axis(call.Optional(2) is { } given ? given.Integers()[0] : -2, rank);
        if (axis == rank - 1)
        {
            throw call.Error("expected an axis before that of real and imaginary part, got the last.");
        }

        bool inverse = call.Int("inverse", 0) != 0, oneSided = call.Int("onesided", 0) != 0;
        if (inverse && oneSided)
        {
            throw call.Error("expected inverse or onesided, got both.");
        }

        int length = call.Optional(1) is { } input ? call.Size(input) : x.Shape[axis];
        int bins = oneSided ? (length / 2) + 1 : length, parts = x.Shape[^1];
        int outer = call.Product(x.Shape.AsSpan(..axis)), size = x.Shape[axis], inner = call.Product(x.Shape.AsSpan((axis + 1)..^1));
        int[] shape = [.. x.Shape[..axis], bins, .. x.Shape[(axis + 1)..^1], 2];
        double[] values = Elements.Doubles(x), result = new double[call.Product(shape)];
        Fourier fourier = new(length, inverse);
        for (int row = 0; row < outer * inner; row++)
        {
            int start = (row / inner * size * inner) + (row % inner);
            fourier.Clear();
            for (int i = 0; i < Math.Min(size, length); i++)
            {
                int from = (start + (i * inner)) * parts;
                fourier.Real[i] = values[from];
                fourier.Imaginary[i] = parts == 2 ? values[from + 1] : 0;
            }

            fourier.Run();
            int to = (row / inner * bins * inner) + (row % inner);
            for (int i = 0; i < bins; i++)
            {
                result[2 * (to + (i * inner))] = fourier.Real[i];
                result[(2 * (to + (i * inner))) + 1] = fourier.Imaginary[i];
            }
        }

        return [Elements.OfDoubles(x.Type, result, shape)];
    }

    private static OnnxValue?[] ShortTimeTransform(OnnxCall call)
    {
        OnnxValue x = call.Input(0);
        if (x.Rank is not (2 or 3) || (x.Rank == 3 && x.Shape[2] is not (1 or 2)))
        {
            throw call.Error($"expected a signal (batch, length, 1 or 2), got {x}.");
        }

        int batch = x.Shape[0], length = x.Shape[1], parts = x.Rank == 3 ? x.Shape[2] : 1;
        int step = call.Size(call.Input(1));
        double[]? window = call.Optional(2) is { } given ? Elements.Doubles(given) : null;
        int frame = call.Optional(3) is { } size ? call.Size(size) : window?.Length ?? throw call.Error("expected a window or a frame_length, got neither.");
        if (step < 1 || frame < 1 || frame > length || (window is not null && window.Length != frame))
        {
            throw call.Error($"expected frames and a window within the signal's {length} values, got frame_length {frame}, frame_step {step}, window {window?.Length}.");
        }

        int frames = ((length - frame) / step) + 1, bins = call.Int("onesided", 1) != 0 ? (frame / 2) + 1 : frame;
        int[] shape = [batch, frames, bins, 2];
        double[] values = Elements.Doubles(x), result = new double[call.Product(shape)];
        Fourier fourier = new(frame, inverse: false);
        for (int row = 0; row < batch * frames; row++)
        {
            int start = (row / frames * length) + (row % frames * step);
            for (int i = 0; i < frame; i++)
            {
                double weight = window?[i] ?? 1;
                fourier.Real[i] = weight * values[(start + i) * parts];
                fourier.Imaginary[i] = parts == 2 ? weight * values[((start + i) * parts) + 1] : 0;
            }

            fourier.Run();
            for (int i = 0; i < bins; i++)
            {
                result[2 * ((row * bins) + i)] = fourier.Real[i];
                result[(2 * ((row * bins) + i)) + 1] = fourier.Imaginary[i];
            }
        }

        return [Elements.OfDoubles(x.Type, result, shape)];
    }

    /// <summary>Triangles on the mel scale m = 2595 log10(1 + f/700), over the bins of a transform.</summary>
    private static OnnxValue?[] MelWeights(OnnxCall call)
    {
        int bands = call.Size(call.Input(0)), length = call.Size(call.Input(1)), rate = call.Size(call.Input(2));
        double low = Elements.Doubles(call.Input(3))[0], high = Elements.Doubles(call.Input(4))[0];
        int bins = (length / 2) + 1;
        double lowMel = Mel(low), step = (Mel(high) - lowMel) / (bands + 2);
        int[] edges = [.. Enumerable.Range(0, bands + 2).Select(i => (int)Math.Clamp(Math.Floor((length + 1) * Hertz(lowMel + (i * step)) / rate), 0, bins))];
        double[] weights = new double[call.Product([bins, bands])];
        for (int band = 0; band < bands; band++)
        {
            int start = edges[band], center = edges[band + 1], end = edges[band + 2];
            for (int bin = start; bin <= Math.Min(center, bins - 1); bin++)
            {
                // The peak is 1, be the slopes beside it empty or not.
                weights[(bin * bands) + band] = start == center ? 1 : (bin - start) / (double)(center - start);
            }

            for (int bin = center + 1; bin < Math.Min(end, bins); bin++)
            {
                weights[(bin * bands) + band] = (end - bin) / (double)(end - center);
            }
        }

        return [Elements.OfDoubles(call.ElementType("output_datatype", OnnxType.Float), weights, [bins, bands])];
    }

    private static double Mel(double hertz) => 2595 * Math.Log10(1 + (hertz / 700));

    private static double Hertz(double mel) => 700 * (Math.Pow(10, mel / 2595) - 1);
}
