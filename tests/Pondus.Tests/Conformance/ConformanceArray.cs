using System.Runtime.InteropServices;
using System.Text.Json;

namespace Pondus.Tests.Conformance;

/// <summary>An array of the exported samples.</summary>
/// <param name="Kind">float, int or bool.</param>
/// <param name="Sizes">Sizes of the axes.</param>
/// <param name="Values">The values; whole numbers of PyTorch's samples are exact in double.</param>
public sealed record ConformanceArray(string Kind, int[] Sizes, double[] Values)
{
    /// <summary>The sizes as a shape; more than eight axes are not supported.</summary>
    public Shape Shape => Sizes.Length <= Shape.MaxRank ? new(Sizes) : throw new UnsupportedSampleException("more than 8 axes");

    /// <summary>The values in single precision.</summary>
    public float[] Singles => [.. Values.Select(static v => (float)v)];

    /// <summary>The values as whole numbers.</summary>
    public int[] Integers => [.. Values.Select(static v => checked((int)v))];

    /// <summary>Reads an array.</summary>
    public static ConformanceArray Parse(JsonElement json)
    {
        byte[] bytes = json.GetProperty("data").GetBytesFromBase64();
        string kind = json.GetProperty("kind").GetString()!;
        double[] values = kind switch
        {
            "float" => MemoryMarshal.Cast<byte, double>(bytes).ToArray(),
            "int" => [.. MemoryMarshal.Cast<byte, long>(bytes).ToArray().Select(static v => (double)v)],
            _ => [.. bytes.Select(static v => (double)v)],
        };
        return new ConformanceArray(kind, [.. json.GetProperty("shape").EnumerateArray().Select(static v => v.GetInt32())], values);
    }

    /// <summary>Says how another array differs, or null: NaN equals NaN, infinities themselves, and the rest within a share of the largest value.</summary>
    public string? Difference(ReadOnlySpan<float> actual, double tolerance)
    {
        if (actual.Length != Values.Length)
        {
            return $"expected {Values.Length} values, got {actual.Length}";
        }

        double largest = Values.Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty(0).Max(), allowed = Math.Max(tolerance * largest, 1e-6);
        for (int i = 0; i < Values.Length; i++)
        {
            // What single precision cannot hold is infinite there.
            double wanted = (float)Values[i];
            if (!(wanted.Equals((double)actual[i]) || Math.Abs(actual[i] - wanted) <= allowed))
            {
                return $"expected {Values[i]:G9} at {i} of {Values.Length}, got {actual[i]:G9} (allowed difference {allowed:G3})";
            }
        }

        return null;
    }
}
