namespace Pondus.Onnx.Operators;

/// <summary>Operators that rearrange elements by their places alone.</summary>
internal static class RearrangeOperators
{
    internal static void Register(OnnxOperators table)
    {
        table.Add("ReverseSequence", ReverseSequence);
        table.Add("DepthToSpace", DepthToSpace);
        table.Add("SpaceToDepth", SpaceToDepth);
        table.Add("CenterCropPad", CenterCropPad);
        table.Add("EyeLike", EyeLike);
        table.Add("Size", static call => [OnnxValue.Scalar<long>(call.Input(0).Count)]);
    }

    private static OnnxValue?[] ReverseSequence(OnnxCall call)
    {
        OnnxValue x = call.Input(0);
        long[] lengths = call.Input(1).Integers();
        int time = call.Axis(call.Int("time_axis", 0), x.Rank), batch = call.Axis(call.Int("batch_axis", 1), x.Rank);
        if (time == batch || lengths.Length != x.Shape[batch] || Array.Exists(lengths, length => length < 0 || length > x.Shape[time]))
        {
            throw call.Error($"expected {x.Shape[batch]} lengths of at most {x.Shape[time]}, got {string.Join(", ", lengths)}.");
        }

        int[] from = new int[x.Count];
        int inner = Movement.Inner(x.Shape, time);
        Walk walk = new(x.Shape);
        for (int i = 0; i < from.Length; i++, walk.Next())
        {
            int length = (int)lengths[walk.Place[batch]], t = walk.Place[time];
            from[i] = t < length ? i + ((length - 1 - t - t) * inner) : i;
        }

        return [Movement.Pick(x, x.Shape, from)];
    }

    private static OnnxValue?[] DepthToSpace(OnnxCall call)
    {
        OnnxValue x = Picture(call);
        int block = BlockSize(call), depth = x.Shape[1] / (block * block), height = x.Shape[2], width = x.Shape[3];
        bool columnsFirst = call.Text("mode", "DCR") == "CRD";
        if (depth * block * block != x.Shape[1])
        {
            throw call.Error($"expected channels in multiples of {block * block}, got {x}.");
        }

        int[] shape = [x.Shape[0], depth, call.Product([height, block]), call.Product([width, block])], from = new int[x.Count];
        Walk walk = new(shape);
        for (int i = 0; i < from.Length; i++, walk.Next())
        {
            (int n, int c, int row, int column) = (walk.Place[0], walk.Place[1], walk.Place[2], walk.Place[3]);
            int part = (row % block * block) + (column % block);
            int channel = columnsFirst ? (c * block * block) + part : (part * depth) + c;
            from[i] = (((((n * x.Shape[1]) + channel) * height) + (row / block)) * width) + (column / block);
        }

        return [Movement.Pick(x, shape, from)];
    }

    private static OnnxValue?[] SpaceToDepth(OnnxCall call)
    {
        OnnxValue x = Picture(call);
        int block = BlockSize(call), depth = x.Shape[1], height = x.Shape[2] / block, width = x.Shape[3] / block;
        if (height * block != x.Shape[2] || width * block != x.Shape[3])
        {
            throw call.Error($"expected height and width in multiples of {block}, got {x}.");
        }

        int[] shape = [x.Shape[0], call.Product([depth, block, block]), height, width], from = new int[x.Count];
        Walk walk = new(shape);
        for (int i = 0; i < from.Length; i++, walk.Next())
        {
            (int n, int channel, int row, int column) = (walk.Place[0], walk.Place[1], walk.Place[2], walk.Place[3]);
            int part = channel / depth, c = channel % depth;
            from[i] = (((((n * depth) + c) * x.Shape[2]) + (row * block) + (part / block)) * x.Shape[3]) + (column * block) + (part % block);
        }

        return [Movement.Pick(x, shape, from)];
    }

    private static OnnxValue?[] CenterCropPad(OnnxCall call)
    {
        OnnxValue x = call.Input(0);
        long[] sizes = call.Input(1).Integers();
        int[] axes = call.Ints("axes") is { } given
            ? [.. given.Select(axis => call.Axis(axis, x.Rank))]
            : [.. Enumerable.Range(0, x.Rank)];
        if (axes.Length != sizes.Length)
        {
            throw call.Error($"expected a size for each of {axes.Length} axes, got {sizes.Length}.");
        }

        int[] shape = [.. x.Shape], shift = new int[shape.Length];
        for (int i = 0; i < axes.Length; i++)
        {
            int axis = axes[i], old = x.Shape[axis];
            shape[axis] = call.Size(sizes[i]);
            shift[axis] = shape[axis] < old ? (old - shape[axis]) / 2 : -((shape[axis] - old) / 2);
        }

        int[] from = new int[call.Product(shape)];
        Walk walk = new(shape);
        for (int i = 0; i < from.Length; i++, walk.Next())
        {
            int place = 0;
            for (int axis = 0; axis < shape.Length && place >= 0; axis++)
            {
                int at = walk.Place[axis] + shift[axis];
                place = at >= 0 && at < x.Shape[axis] ? (place * x.Shape[axis]) + at : -1;
            }

            from[i] = place;
        }

        return [Movement.Pick(x, shape, from)];
    }

    private static OnnxValue?[] EyeLike(OnnxCall call)
    {
        OnnxValue x = call.Input(0);
        if (x.Rank != 2)
        {
            throw call.Error($"expected a matrix, got {x}.");
        }

        int rows = x.Shape[0], columns = x.Shape[1];
        long shift = call.Int("k", 0);
        double[] values = new double[x.Count];
        for (int i = 0; i < rows; i++)
        {
            if (i + shift >= 0 && i + shift < columns)
            {
                values[(i * columns) + i + shift] = 1;
            }
        }

        return [Elements.OfDoubles(call.ElementType("dtype", x.Type), values, x.Shape)];
    }

    private static OnnxValue Picture(OnnxCall call) => call.Input(0) is { Shape.Length: 4 } x
        ? x
        : throw call.Error($"expected (batch, channel, height, width), got {call.Input(0)}.");

    private static int BlockSize(OnnxCall call) => call.Int("blocksize", 0) is > 0 and < 1 << 12 and var size
        ? (int)size
        : throw call.Error($"expected a block size of at least 1, got {call.Int("blocksize", 0)}.");
}
