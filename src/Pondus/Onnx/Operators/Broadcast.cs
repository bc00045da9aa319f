namespace Pondus.Onnx.Operators;

/// <summary>NumPy's rule for operands of different shapes: an axis of size 1 is repeated.</summary>
internal static class Broadcast
{
    /// <summary>The common shape.</summary>
    public static int[] Shape(OnnxCall call, params ReadOnlySpan<OnnxValue> values)
    {
        int rank = 0;
        foreach (OnnxValue value in values)
        {
            rank = Math.Max(rank, value.Rank);
        }

        int[] shape = new int[rank];
        Array.Fill(shape, 1);
        foreach (OnnxValue value in values)
        {
            for (int i = 0; i < value.Rank; i++)
            {
                int axis = rank - value.Rank + i, size = value.Shape[i];
                if (size != 1 && shape[axis] != 1 && size != shape[axis])
                {
                    throw call.Error($"expected shapes that repeat to one, got {string.Join(" and ", values.ToArray().Select(static v => v.ToString()))}.");
                }

                shape[axis] = size == 1 ? shape[axis] : size;
            }
        }

        call.Product(shape);
        return shape;
    }

    /// <summary>For each place of a shape, the place in a value of a shape that is repeated to it.</summary>
    public static int[] Places(int[] from, int[] to)
    {
        int[] places = new int[Movement.Count(to)], strides = new int[to.Length];
        for (int axis = from.Length - 1, stride = 1; axis >= 0; axis--)
        {
            strides[to.Length - from.Length + axis] = from[axis] == 1 ? 0 : stride;
            stride *= from[axis];
        }

        Walk walk = new(to);
        for (int i = 0; i < places.Length; i++, walk.Next())
        {
            for (int axis = 0; axis < strides.Length; axis++)
            {
                places[i] += walk.Place[axis] * strides[axis];
            }
        }

        return places;
    }

    /// <summary>The elements repeated to a shape.</summary>
    public static T[] To<T>(T[] elements, int[] from, int[] to)
    {
        if (from.AsSpan().SequenceEqual(to))
        {
            return elements;
        }

        int[] places = Places(from, to);
        return Array.ConvertAll(places, place => elements[place]);
    }
}
