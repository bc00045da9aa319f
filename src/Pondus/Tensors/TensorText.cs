using System.Globalization;
using System.Text;

namespace Pondus;

/// <summary>Prints tensors for people.</summary>
internal static class TensorText
{
    private const int Edge = 3;
    private const int WholeCount = 64;

    /// <summary>Formats as nested brackets with six significant digits; long axes show their first and last three.</summary>
    public static string Format(in Shape shape, ReadOnlySpan<float> values)
    {
        StringBuilder text = new($"Tensor {shape} ");
        Append(text, shape, 0, values, values.Length > WholeCount);
        return text.ToString();
    }

    private static void Append(StringBuilder text, in Shape shape, int axis, ReadOnlySpan<float> values, bool shorten)
    {
        if (axis == shape.Rank)
        {
            text.Append(values[0].ToString("G6", CultureInfo.InvariantCulture));
            return;
        }

        int size = shape[axis], inner = size == 0 ? 0 : values.Length / size;
        text.Append('[');
        for (int i = 0; i < size; i++)
        {
            if (i > 0)
            {
                text.Append(", ");
            }

            if (shorten && size > 2 * Edge && i == Edge)
            {
                text.Append("..., ");
                i = size - Edge;
            }

            Append(text, shape, axis + 1, values.Slice(i * inner, inner), shorten);
        }

        text.Append(']');
    }
}
