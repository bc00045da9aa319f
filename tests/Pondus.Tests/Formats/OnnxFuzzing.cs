using Pondus.Formats.Onnx;
using Pondus.Onnx;

namespace Pondus.Tests.Formats;

/// <summary>Loads a graph and runs it on small inputs made up from what it says of them.</summary>
internal static class OnnxFuzzing
{
    private const int LargestInput = 1 << 14;

    /// <summary>Runs the graph of a file; true when it gave its outputs.</summary>
    public static bool Run(string path)
    {
        try
        {
            OnnxNetwork network = OnnxNetwork.Load(path);
            Dictionary<string, OnnxValue> inputs = new(StringComparer.Ordinal);
            foreach (OnnxValueInfo input in network.Inputs)
            {
                if (Value(input.TypeInfo) is { } value)
                {
                    inputs[input.Name] = value;
                }
            }

            network.Run(inputs);
            return true;
        }
        catch (OnnxException)
        {
            return false;
        }
    }

    private static OnnxValue? Value(OnnxTypeInfo? info)
    {
        int[] shape = [.. (info?.Dims ?? []).Select(static size => (int)Math.Clamp(size.Size ?? 2, 0, LargestInput))];
        long count = shape.Aggregate(1L, static (product, size) => Math.Min(product, int.MaxValue) * size);
        return count > LargestInput ? null : info?.Type switch
        {
            OnnxType.Float => OnnxValue.Of(Numbers((int)count, static i => (i % 7) * 0.25f), shape),
            OnnxType.Float16 => OnnxValue.Of(Numbers((int)count, static i => (Half)((i % 7) * 0.25f)), shape),
            OnnxType.Int64 => OnnxValue.Of(Numbers((int)count, static i => (long)(i % 5)), shape),
            OnnxType.Int32 => OnnxValue.Of(Numbers((int)count, static i => i % 5), shape),
            OnnxType.Bool => OnnxValue.Of(Numbers((int)count, static i => i % 2 == 0), shape),
            _ => null,
        };

        static T[] Numbers<T>(int count, Func<int, T> of) => [.. Enumerable.Range(0, count).Select(of)];
    }
}
