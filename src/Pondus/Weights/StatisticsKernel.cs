using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Pondus.Weights;

/// <summary>The loops of <see cref="WeightStatistics"/>: blocks that stay in the first-level cache are walked twice, for their mean and about it.</summary>
internal static class StatisticsKernel
{
    /// <summary>Bins of the fine histogram: sign, exponent and four bits of the mantissa of a float32.</summary>
    public const int FineBins = 1 << 13;

    private const int FineShift = 32 - 13;
    private const int BlockSize = 4096;
    private const uint MagnitudeMask = 0x7FFF_FFFF;
    private const uint InfinityBits = 0x7F80_0000;
    private const float SmallestNormal = 1.17549435e-38f;

    /// <summary>Adds float32 values.</summary>
    /// <param name="values">The values.</param>
    /// <param name="withPrecision">Whether to measure what bfloat16 (first) and float16 (second) would lose.</param>
    /// <param name="part">Receives the sums.</param>
    /// <param name="fine">Receives the fine histogram.</param>
    public static void Add(ReadOnlySpan<float> values, bool withPrecision, ref StatisticsPart part, Span<uint> fine)
    {
        Span<float> kept = stackalloc float[BlockSize];
        while (!values.IsEmpty)
        {
            scoped ReadOnlySpan<float> block = values[..Math.Min(BlockSize, values.Length)];
            values = values[block.Length..];
            if (!AllFinite(block))
            {
                block = kept[..KeepFinite(block, kept, ref part)];
                if (block.IsEmpty)
                {
                    continue;
                }
            }

            double mean = AddFirst(block, ref part.Zeros, out float min, out float max) / block.Length;
            part.AddMoments(block.Length, mean, SquaredDeviations(block, mean), min, max);
            if (withPrecision)
            {
                AddBfloat16(block, ref part.First);
                AddFloat16(block, ref part.Second);
            }

            Count(MemoryMarshal.Cast<float, uint>(block), fine);
        }
    }

    /// <summary>Adds float64 values, among them whole numbers.</summary>
    /// <param name="values">The values.</param>
    /// <param name="withPrecision">Whether to measure what float32 (first) would lose.</param>
    /// <param name="part">Receives the sums.</param>
    /// <param name="fine">Receives the fine histogram.</param>
    public static void Add(ReadOnlySpan<double> values, bool withPrecision, ref StatisticsPart part, Span<uint> fine)
    {
        foreach (double value in values)
        {
            if (!double.IsFinite(value))
            {
                CountNonFinite(value, ref part);
                continue;
            }

            part.Zeros += value == 0 ? 1 : 0;
            double difference = value - part.Mean;
            part.Count++;
            part.Mean += difference / part.Count;
            part.SquaredDeviations += difference * (value - part.Mean);
            part.Min = Math.Min(part.Min, value);
            part.Max = Math.Max(part.Max, value);
            float narrow = (float)value;
            fine[(int)(BitConverter.SingleToUInt32Bits(narrow) >> FineShift)]++;
            if (!withPrecision)
            {
                continue;
            }

            if (float.IsInfinity(narrow))
            {
                part.First.Overflows++;
                continue;
            }

            double error = Math.Abs(value - narrow) / Math.Max(Math.Abs(value), SmallestNormal);
            part.First.Sum += error;
            part.First.Largest = Math.Max(part.First.Largest, error);
        }
    }

    /// <summary>Gives the least and the largest magnitude in a bin of the fine histogram.</summary>
    public static (double Low, double High, bool IsNegative) FineBin(int bin)
    {
        uint low = (uint)bin << FineShift;
        float from = BitConverter.UInt32BitsToSingle(low & MagnitudeMask);
        float to = BitConverter.UInt32BitsToSingle((low & MagnitudeMask) + (1u << FineShift));
        return (from, float.IsFinite(to) ? to : float.MaxValue, low > MagnitudeMask);
    }

    private static bool AllFinite(ReadOnlySpan<float> block)
    {
        Vector<int> largest = Vector<int>.Zero, mask = new(int.MaxValue);
        ReadOnlySpan<Vector<int>> vectors = MemoryMarshal.Cast<float, Vector<int>>(block);
        foreach (Vector<int> vector in vectors)
        {
            largest = Vector.Max(largest, vector & mask);
        }

        bool isFinite = !Vector.GreaterThanOrEqualAny(largest, new Vector<int>((int)InfinityBits));
        foreach (float value in block[(vectors.Length * Vector<int>.Count)..])
        {
            isFinite &= float.IsFinite(value);
        }

        return isFinite;
    }

    private static int KeepFinite(ReadOnlySpan<float> block, Span<float> kept, ref StatisticsPart part)
    {
        int count = 0;
        foreach (float value in block)
        {
            if (float.IsFinite(value))
            {
                kept[count++] = value;
            }
            else
            {
                CountNonFinite(value, ref part);
            }
        }

        return count;
    }

    private static void CountNonFinite(double value, ref StatisticsPart part)
    {
        part.Nan += double.IsNaN(value) ? 1 : 0;
        part.PositiveInfinity += double.IsPositiveInfinity(value) ? 1 : 0;
        part.NegativeInfinity += double.IsNegativeInfinity(value) ? 1 : 0;
    }

    private static double AddFirst(ReadOnlySpan<float> block, ref long zeros, out float min, out float max)
    {
        Vector<double> low = Vector<double>.Zero, high = Vector<double>.Zero;
        Vector<float> least = new(float.PositiveInfinity), most = new(float.NegativeInfinity);
        Vector<int> zeroLanes = Vector<int>.Zero;
        ReadOnlySpan<Vector<float>> vectors = MemoryMarshal.Cast<float, Vector<float>>(block);
        foreach (Vector<float> x in vectors)
        {
            Vector.Widen(x, out Vector<double> a, out Vector<double> b);
            low += a;
            high += b;
            least = Vector.MinNative(least, x);
            most = Vector.MaxNative(most, x);
            zeroLanes -= Vector.Equals(x, Vector<float>.Zero);
        }

        double sum = Vector.Sum(low + high);
        int zeroCount = Vector.Sum(zeroLanes);
        min = float.PositiveInfinity;
        max = float.NegativeInfinity;
        for (int lane = 0; lane < Vector<float>.Count; lane++)
        {
            min = Math.Min(min, least[lane]);
            max = Math.Max(max, most[lane]);
        }

        foreach (float x in block[(vectors.Length * Vector<float>.Count)..])
        {
            sum += x;
            min = Math.Min(min, x);
            max = Math.Max(max, x);
            zeroCount += x == 0 ? 1 : 0;
        }

        zeros += zeroCount;
        return sum;
    }

    private static double SquaredDeviations(ReadOnlySpan<float> block, double mean)
    {
        Vector<double> center = new(mean), low = Vector<double>.Zero, high = Vector<double>.Zero;
        ReadOnlySpan<Vector<float>> vectors = MemoryMarshal.Cast<float, Vector<float>>(block);
        foreach (Vector<float> x in vectors)
        {
            Vector.Widen(x, out Vector<double> a, out Vector<double> b);
            a -= center;
            b -= center;
            low += a * a;
            high += b * b;
        }

        double sum = Vector.Sum(low + high);
        foreach (float x in block[(vectors.Length * Vector<float>.Count)..])
        {
            sum += (x - mean) * (x - mean);
        }

        return sum;
    }

    private static void AddBfloat16(ReadOnlySpan<float> block, ref StatisticsPart.PrecisionSum sum)
    {
        Errors errors = default;
        ReadOnlySpan<Vector<float>> vectors = MemoryMarshal.Cast<float, Vector<float>>(block);
        foreach (Vector<float> x in vectors)
        {
            errors.Add(Vector.Abs(x), Vector.AsVectorSingle(RoundBits(Vector.AsVectorUInt32(Vector.Abs(x)), 16)));
        }

        Span<float> rest = stackalloc float[Vector<float>.Count];
        block[(vectors.Length * Vector<float>.Count)..].CopyTo(rest);
        Vector<float> last = Vector.Abs(new Vector<float>(rest));
        errors.Add(last, Vector.AsVectorSingle(RoundBits(Vector.AsVectorUInt32(last), 16)));
        errors.AddTo(ref sum);
    }

    private static void AddFloat16(ReadOnlySpan<float> block, ref StatisticsPart.PrecisionSum sum)
    {
        Errors errors = default;
        ReadOnlySpan<Vector<float>> vectors = MemoryMarshal.Cast<float, Vector<float>>(block);
        foreach (Vector<float> x in vectors)
        {
            errors.AddFloat16(Vector.Abs(x));
        }

        Span<float> rest = stackalloc float[Vector<float>.Count];
        block[(vectors.Length * Vector<float>.Count)..].CopyTo(rest);
        errors.AddFloat16(Vector.Abs(new Vector<float>(rest)));
        errors.AddTo(ref sum);
    }

    /// <summary>Rounds away the low bits of a magnitude, to nearest, ties to even.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<uint> RoundBits(Vector<uint> bits, int dropped)
    {
        Vector<uint> odd = Vector.ShiftRightLogical(bits, dropped) & Vector<uint>.One;
        return (bits + odd + new Vector<uint>((1u << (dropped - 1)) - 1)) & new Vector<uint>(~((1u << dropped) - 1));
    }

    private static void Count(ReadOnlySpan<uint> bits, Span<uint> fine)
    {
        // The index is below FineBins by its shift; the reference saves the check in the one loop that is scalar.
        ref uint bins = ref MemoryMarshal.GetReference(fine[..FineBins]);
        foreach (uint value in bits)
        {
            Unsafe.Add(ref bins, value >> FineShift)++;
        }
    }

    /// <summary>Sums of relative errors in lanes; a block is short enough for float32.</summary>
    [StructLayout(LayoutKind.Auto)]
    private struct Errors
    {
        private Vector<float> _largest;
        private Vector<float> _sum;
        private Vector<int> _overflows;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Add(Vector<float> magnitude, Vector<float> rounded)
        {
            // What rounds up to infinity has overflowed.
            Vector<int> overflows = Vector.GreaterThan(rounded, new Vector<float>(float.MaxValue));
            _overflows -= overflows;
            Vector<float> error = Vector.AndNot(Vector.Abs(rounded - magnitude), Vector.AsVectorSingle(overflows));
            error /= Vector.MaxNative(magnitude, new Vector<float>(SmallestNormal));
            _largest = Vector.MaxNative(_largest, error);
            _sum += error;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void AddFloat16(Vector<float> magnitude)
        {
            // Half of the largest float16's last place above it still rounds down; below 2^-14 the places are 2^-24 wide,
            // as those of float32 are at 0.5.
            Vector<float> half = new(0.5f);
            Vector<float> rounded = Vector.AsVectorSingle(RoundBits(Vector.AsVectorUInt32(magnitude), 13));
            rounded = Vector.ConditionalSelect(Vector.LessThan(magnitude, new Vector<float>(6.103515625e-5f)), magnitude + half - half, rounded);
            rounded = Vector.ConditionalSelect(Vector.GreaterThan(rounded, new Vector<float>(65504)), new Vector<float>(float.PositiveInfinity), rounded);
            Add(magnitude, rounded);
        }

        public readonly void AddTo(ref StatisticsPart.PrecisionSum sum)
        {
            for (int lane = 0; lane < Vector<float>.Count; lane++)
            {
                sum.Largest = Math.Max(sum.Largest, _largest[lane]);
                sum.Sum += _sum[lane];
                sum.Overflows += _overflows[lane];
            }
        }
    }
}
