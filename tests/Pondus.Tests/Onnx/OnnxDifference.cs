using System.Numerics;
using Pondus.Formats.Onnx;
using Pondus.Onnx;
using Pondus.Onnx.Operators;

namespace Pondus.Tests.Onnx;

/// <summary>How two values differ: types, shapes, integers, truth values and texts must be equal, floats nearly.</summary>
internal static class OnnxDifference
{
    /// <summary>Says what differs first, or null. A float may be off by the sum of an absolute and a relative part.</summary>
    public static string? Find(OnnxValue expected, OnnxValue actual, double relative, double absolute)
    {
        if (expected.Type is OnnxType.Sequence or OnnxType.Optional)
        {
            return actual.Type != expected.Type || actual.Items.Count != expected.Items.Count
                ? $"expected {expected}, got {actual}"
                : expected.Items.Zip(actual.Items, (a, b) => Find(a, b, relative, absolute)).FirstOrDefault(static text => text is not null);
        }

        if (expected.Type != actual.Type || !expected.Shape.AsSpan().SequenceEqual(actual.Shape))
        {
            return $"expected {expected}, got {actual}";
        }

        return expected.Type switch
        {
            OnnxType.String => First(expected.Data<string>(), actual.Data<string>()),
            OnnxType.Int64 => First(expected.Data<long>(), actual.Data<long>()),
            OnnxType.UInt64 => First(expected.Data<ulong>(), actual.Data<ulong>()),
            OnnxType.Complex64 or OnnxType.Complex128 => First(expected.Data<Complex>(), actual.Data<Complex>()),
            _ when !expected.IsFloating => First(Elements.Doubles(expected), Elements.Doubles(actual)),
            // The tests were made by cutting bits off where the standard has come to round: one step.
            OnnxType.BFloat16 => Numbers(Elements.Doubles(expected), Elements.Doubles(actual), 1.0 / 128, absolute),
            _ => Numbers(Elements.Doubles(expected), Elements.Doubles(actual), relative, absolute),
        };
    }

    private static string? First<T>(T[] expected, T[] actual)
    {
        for (int i = 0; i < expected.Length; i++)
        {
            if (!EqualityComparer<T>.Default.Equals(expected[i], actual[i]))
            {
                return $"expected {expected[i]} at {i} of {expected.Length}, got {actual[i]}";
            }
        }

        return null;
    }

    private static string? Numbers(double[] expected, double[] actual, double relative, double absolute)
    {
        for (int i = 0; i < expected.Length; i++)
        {
            if (!(expected[i].Equals(actual[i]) || Math.Abs(actual[i] - expected[i]) <= absolute + (relative * Math.Abs(expected[i]))))
            {
                return $"expected {expected[i]:G7} at {i} of {expected.Length}, got {actual[i]:G7}";
            }
        }

        return null;
    }
}
