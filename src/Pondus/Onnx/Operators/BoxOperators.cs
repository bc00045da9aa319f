namespace Pondus.Onnx.Operators;

/// <summary>Boxes in pictures.</summary>
internal static class BoxOperators
{
    internal static void Register(OnnxOperators table)
    {
        table.Add("NonMaxSuppression", Suppress);
        table.Add("RoiAlign", Align);
        table.Add("MaxRoiPool", MaxPool);
    }

    /// <summary>For each batch and class, boxes by falling score, without those that overlap a better one too much.</summary>
    private static OnnxValue?[] Suppress(OnnxCall call)
    {
        OnnxValue boxes = call.InputOfRank(0, 3, "batch, box, 4"), scores = call.InputOfRank(1, 3, "batch, class, box");
        int batches = boxes.Shape[0], count = boxes.Shape[1], classes = scores.Shape[1];
        if (boxes.Shape[2] != 4 || scores.Shape[0] != batches || scores.Shape[2] != count)
        {
            throw call.Error($"expected boxes (batch, box, 4) and scores (batch, class, box), got {boxes} and {scores}.");
        }

        long limit = call.Optional(2) is { Count: > 0 } most ? call.Integer(most) : 0;
        double overlap = call.Optional(3) is { Count: > 0 } iou ? call.Number(iou) : 0;
        double? least = call.Optional(4) is { Count: > 0 } score ? call.Number(score) : null;
        bool isCentered = call.Int("center_point_box", 0) != 0;
        double[] box = Elements.Doubles(boxes), value = Elements.Doubles(scores);
        List<long> chosen = [];
        for (int row = 0; row < batches * classes; row++)
        {
            int batch = row / classes, start = row * count;
            List<Box> kept = [];
            foreach (int i in Enumerable.Range(0, count).Where(i => least is null || value[start + i] > least).OrderByDescending(i => value[start + i]))
            {
                if (kept.Count >= limit)
                {
                    break;
                }

                Box candidate = Box.Of(box.AsSpan(((batch * count) + i) * 4, 4), isCentered);
                if (!kept.Exists(better => better.Overlap(candidate) > overlap))
                {
                    kept.Add(candidate);
                    chosen.AddRange([batch, row % classes, i]);
                }
            }
        }

        return [OnnxValue.Of<long>([.. chosen], chosen.Count / 3, 3)];
    }

    /// <summary>Averages (or maxima) of values between the pixels, in bins of each region.</summary>
    private static OnnxValue?[] Align(OnnxCall call)
    {
        OnnxValue x = call.InputOfRank(0, 4, "batch, channel, height, width");
        OnnxValue regions = call.InputOfRank(1, 2, "region, 4");
        long[] batches = call.Input(2).Integers();
        int height = call.Size(call.Int("output_height", 1)), width = call.Size(call.Int("output_width", 1)), ratio = call.Size(call.Int("sampling_ratio", 0));
        double scale = call.Float("spatial_scale", 1);
        bool isMax = call.Text("mode", "avg") == "max";
        // Opset 10 has no half pixels.
        bool isHalf = call.Opset >= 16 && call.Text("coordinate_transformation_mode", "half_pixel") == "half_pixel";
        if (regions.Shape[1] != 4 || batches.Length != regions.Shape[0])
        {
            throw call.Error($"expected regions (region, 4) and a batch index each, got {regions} and {call.Input(2)}.");
        }

        int channels = x.Shape[1], rows = x.Shape[2], columns = x.Shape[3];
        int[] shape = [batches.Length, channels, height, width];
        double[] values = Elements.Doubles(x), region = Elements.Doubles(regions), y = new double[call.Product(shape)];
        for (int r = 0; r < batches.Length; r++)
        {
            int batch = call.Index(batches[r], x.Shape[0]);
            double shift = isHalf ? 0.5 : 0, left = (region[4 * r] * scale) - shift, top = (region[(4 * r) + 1] * scale) - shift;
            double wide = (region[(4 * r) + 2] * scale) - shift - left, high = (region[(4 * r) + 3] * scale) - shift - top;
            if (!isHalf)
            {
                (wide, high) = (Math.Max(wide, 1), Math.Max(high, 1));
            }

            double binHeight = high / height, binWidth = wide / width;
            // Samples beyond the number of pixels would see nothing new.
            int down = ratio > 0 ? ratio : (int)Math.Clamp(Math.Ceiling(binHeight), 0, rows + 1.0), across = ratio > 0 ? ratio : (int)Math.Clamp(Math.Ceiling(binWidth), 0, columns + 1.0);
            for (int channel = 0; channel < channels; channel++)
            {
                ReadOnlySpan<double> plane = values.AsSpan(((batch * channels) + channel) * rows * columns, rows * columns);
                for (int bin = 0; bin < height * width; bin++)
                {
                    double sum = 0, largest = double.NegativeInfinity;
                    for (int sample = 0; sample < down * across; sample++)
                    {
                        double atRow = top + (((bin / width) + (((sample / across) + 0.5) / down)) * binHeight);
                        double atColumn = left + (((bin % width) + (((sample % across) + 0.5) / across)) * binWidth);
                        (double total, double most) = Between(plane, rows, columns, atRow, atColumn);
                        sum += total;
                        largest = Math.Max(largest, most);
                    }

                    int samples = down * across;
                    y[(((r * channels) + channel) * height * width) + bin] = isMax ? (samples == 0 ? 0 : largest) : sum / Math.Max(1, samples);
                }
            }
        }

        return [Elements.OfDoubles(x.Type, y, shape)];
    }

    /// <summary>The value between four pixels, and the largest of its four shares, which is what the standard's maximum is of.</summary>
    private static (double Sum, double Largest) Between(ReadOnlySpan<double> plane, int rows, int columns, double row, double column)
    {
        if (!(row >= -1 && row <= rows && column >= -1 && column <= columns))
        {
            return (0, 0);
        }

        (row, column) = (Math.Max(row, 0), Math.Max(column, 0));
        int top = Math.Min((int)row, rows - 1), left = Math.Min((int)column, columns - 1), bottom = Math.Min(top + 1, rows - 1), right = Math.Min(left + 1, columns - 1);
        double down = top == rows - 1 ? 0 : row - top, across = left == columns - 1 ? 0 : column - left;
        double a = (1 - down) * (1 - across) * plane[(top * columns) + left], b = (1 - down) * across * plane[(top * columns) + right];
        double c = down * (1 - across) * plane[(bottom * columns) + left], d = down * across * plane[(bottom * columns) + right];
        return (a + b + c + d, Math.Max(Math.Max(a, b), Math.Max(c, d)));
    }

    private static OnnxValue?[] MaxPool(OnnxCall call)
    {
        OnnxValue x = call.InputOfRank(0, 4, "batch, channel, height, width"), regions = call.InputOfRank(1, 2, "region, 5");
        if (call.Ints("pooled_shape") is not [> 0 and var pooledHeight, > 0 and var pooledWidth] || regions.Shape[1] != 5)
        {
            throw call.Error($"expected pooled_shape of 2 sizes and regions (region, 5), got {regions}.");
        }

        int height = call.Size(pooledHeight), width = call.Size(pooledWidth), channels = x.Shape[1], rows = x.Shape[2], columns = x.Shape[3];
        double scale = call.Float("spatial_scale", 1);
        int[] shape = [regions.Shape[0], channels, height, width];
        double[] values = Elements.Doubles(x), region = Elements.Doubles(regions), y = new double[call.Product(shape)];
        for (int i = 0; i < y.Length; i++)
        {
            int bin = i % (height * width), channel = i / (height * width) % channels, r = i / (height * width * channels);
            int batch = call.Index((long)region[5 * r], x.Shape[0]);
            double left = Math.Round(region[(5 * r) + 1] * scale), top = Math.Round(region[(5 * r) + 2] * scale);
            double binWidth = Math.Max(Math.Round(region[(5 * r) + 3] * scale) - left + 1, 1) / width, binHeight = Math.Max(Math.Round(region[(5 * r) + 4] * scale) - top + 1, 1) / height;
            int firstRow = Limit(top + Math.Floor(bin / width * binHeight), rows), lastRow = Limit(top + Math.Ceiling(((bin / width) + 1) * binHeight), rows);
            int firstColumn = Limit(left + Math.Floor(bin % width * binWidth), columns), lastColumn = Limit(left + Math.Ceiling(((bin % width) + 1) * binWidth), columns);
            double largest = double.NegativeInfinity;
            for (int row = firstRow; row < lastRow; row++)
            {
                for (int column = firstColumn; column < lastColumn; column++)
                {
                    largest = Math.Max(largest, values[(((((batch * channels) + channel) * rows) + row) * columns) + column]);
                }
            }

            y[i] = double.IsNegativeInfinity(largest) ? 0 : largest;
        }

        return [Elements.OfDoubles(x.Type, y, shape)];

        static int Limit(double place, int size) => (int)Math.Clamp(place, 0, size);
    }

    private readonly record struct Box(double Top, double Left, double Bottom, double Right)
    {
        public static Box Of(ReadOnlySpan<double> c, bool isCentered) => isCentered
            ? new Box(c[1] - (c[3] / 2), c[0] - (c[2] / 2), c[1] + (c[3] / 2), c[0] + (c[2] / 2))
            : new Box(Math.Min(c[0], c[2]), Math.Min(c[1], c[3]), Math.Max(c[0], c[2]), Math.Max(c[1], c[3]));

        /// <summary>Area of the common part by that of both together.</summary>
        public double Overlap(Box other)
        {
            double common = Math.Max(0, Math.Min(Bottom, other.Bottom) - Math.Max(Top, other.Top)) * Math.Max(0, Math.Min(Right, other.Right) - Math.Max(Left, other.Left));
            double all = Area + other.Area - common;
            return all > 0 ? common / all : 0;
        }

        private double Area => (Bottom - Top) * (Right - Left);
    }
}
