using Pondus.Formats.Onnx;

namespace Pondus.Onnx.Operators;

/// <summary>Pictures seen through a grid of places.</summary>
internal static class SamplingOperators
{
    internal static void Register(OnnxOperators table)
    {
        table.Add("GridSample", Sample);
        table.Add("AffineGrid", Grid);
    }

    private static OnnxValue?[] Sample(OnnxCall call)
    {
        OnnxValue x = call.Input(0), grid = call.Input(1);
        int rank = x.Rank - 2;
        if (rank < 1 || grid.Rank != x.Rank || grid.Shape[^1] != rank || grid.Shape[0] != x.Shape[0])
        {
            throw call.Error($"expected (batch, channel, ...) and a grid of {rank} coordinates each, got {x} and {grid}.");
        }

        bool corners = call.Int("align_corners", 0) != 0;
        int[] sizes = x.Shape[2..], outputs = grid.Shape[1..^1];
        string padding = call.Text("padding_mode", "zeros");
        GridAxis[] axes = Array.ConvertAll(sizes, size => new GridAxis(call, size, corners, call.Text("mode", "linear"), padding));
        int batch = x.Shape[0], channels = x.Shape[1], size = Movement.Count(sizes), points = Movement.Count(outputs);
        int[] shape = [batch, channels, .. outputs];
        double[] values = Elements.Doubles(x), places = Elements.Doubles(grid), y = new double[call.Product(shape)];
        for (int point = 0; point < batch * points; point++)
        {
            for (int axis = 0; axis < rank; axis++)
            {
                // The last coordinate of a point belongs to the first axis.
                axes[axis].Set(places[(point * rank) + rank - 1 - axis]);
            }

            for (int channel = 0; channel < channels; channel++)
            {
                int plane = (point / points * channels) + channel;
                y[(plane * points) + (point % points)] = Sum(axes, 0, 0, values.AsSpan(plane * size, size));
            }
        }

        return [Elements.OfDoubles(x.Type, y, shape)];
    }

    private static double Sum(GridAxis[] axes, int axis, int place, ReadOnlySpan<double> plane)
    {
        if (axis == axes.Length)
        {
            return plane[place];
        }

        double sum = 0;
        GridAxis current = axes[axis];
        for (int i = 0; i < current.Count; i++)
        {
            if (current.Places[i] >= 0)
            {
                sum += current.Weights[i] * Sum(axes, axis + 1, (place * current.Size) + current.Places[i], plane);
            }
        }

        return sum;
    }

    private static OnnxValue?[] Grid(OnnxCall call)
    {
        OnnxValue theta = call.InputOfRank(0, 3, "batch, axis, axis + 1");
        int[] size = Array.ConvertAll(call.Input(1).Integers(), value => call.Size(value));
        int rank = size.Length - 2;
        bool corners = call.Int("align_corners", 0) != 0;
        if (rank is not (2 or 3) || !theta.Shape.AsSpan().SequenceEqual([size[0], rank, rank + 1]))
        {
            throw call.Error($"expected matrices for {rank} axes, got {theta}.");
        }

        int[] outputs = size[2..], shape = [size[0], .. outputs, rank];
        double[] matrix = Elements.Doubles(theta), y = new double[call.Product(shape)];
        int points = Movement.Count(outputs);
        for (int n = 0; n < size[0]; n++)
        {
            Walk walk = new(outputs);
            for (int point = 0; point < points; point++, walk.Next())
            {
                for (int row = 0; row < rank; row++)
                {
                    int start = ((n * rank) + row) * (rank + 1);
                    double sum = matrix[start + rank];
                    for (int i = 0; i < rank; i++)
                    {
                        int axis = rank - 1 - i, count = outputs[axis];
                        double place = corners
                            ? count == 1 ? 0 : (2.0 * walk.Place[axis] / (count - 1)) - 1
                            : (((2.0 * walk.Place[axis]) + 1) / count) - 1;
                        sum += matrix[start + i] * place;
                    }

                    y[(((n * points) + point) * rank) + row] = sum;
                }
            }
        }

        return [Elements.OfDoubles(theta.Type, y, shape)];
    }
}
