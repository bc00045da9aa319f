using Pondus.Formats.Onnx;

namespace Pondus.Onnx.Operators;

/// <summary>Random numbers. They follow the distributions of the standard, which names no generator.</summary>
internal static class RandomOperators
{
    internal static void Register(OnnxOperators table)
    {
        table.Add("RandomUniform", static call => Uniform(call, Shape(call), OnnxType.Float));
        table.Add("RandomUniformLike", static call => Uniform(call, call.Input(0).Shape, call.Input(0).Type));
        table.Add("RandomNormal", static call => Normal(call, Shape(call), OnnxType.Float));
        table.Add("RandomNormalLike", static call => Normal(call, call.Input(0).Shape, call.Input(0).Type));
        table.Add("Bernoulli", Bernoulli);
        table.Add("Multinomial", Multinomial);
    }

    /// <summary>Draws by an operator's seed, each run the same; without one from a stream that goes on from run to run.</summary>
    internal static T Draw<T>(OnnxCall call, Func<RandomSource, T> draw)
    {
        if (call.Has("seed"))
        {
            return draw(new RandomSource(BitConverter.SingleToUInt32Bits(call.Float("seed", 0))));
        }

        RandomSource random = call.Cached("random", () => new RandomSource(0).Stream(call.Node.ToString()));
        lock (random)
        {
            return draw(random);
        }
    }

    private static int[] Shape(OnnxCall call) => Array.ConvertAll(call.Ints("shape") ?? throw call.Error("expected a shape, got none."), size => call.Size(size));

    private static OnnxValue?[] Uniform(OnnxCall call, int[] shape, OnnxType type)
    {
        double low = call.Float("low", 0), range = call.Float("high", 1) - low;
        return Fill(call, shape, call.ElementType("dtype", type), random => low + (range * random.NextSingle()));
    }

    private static OnnxValue?[] Normal(OnnxCall call, int[] shape, OnnxType type)
    {
        double mean = call.Float("mean", 0), scale = call.Float("scale", 1);
        float[] pair = new float[1];
        return Fill(call, shape, call.ElementType("dtype", type), random =>
        {
            random.FillNormal(pair, 0, 1);
            return mean + (scale * pair[0]);
        });
    }

    private static OnnxValue?[] Bernoulli(OnnxCall call)
    {
        OnnxValue x = call.Input(0);
        double[] chances = Elements.Doubles(x);
        int i = 0;
        return Fill(call, x.Shape, call.ElementType("dtype", x.Type), random => random.NextSingle() < chances[i++] ? 1 : 0);
    }

    /// <summary>Draws classes by unnormalized logarithms of their chances.</summary>
    private static OnnxValue?[] Multinomial(OnnxCall call)
    {
        OnnxValue x = call.InputOfRank(0, 2, "batch, class");
        int classes = x.Shape[1], samples = call.Size(call.Int("sample_size", 1)), i = 0;
        double[] weights = Elements.Doubles(x);
        for (int row = 0; row < x.Shape[0]; row++)
        {
            Span<double> line = weights.AsSpan(row * classes, classes);
            double largest = double.NegativeInfinity, sum = 0;
            foreach (double value in line)
            {
                largest = Math.Max(largest, value);
            }

            foreach (ref double value in line)
            {
                sum += Math.Exp(value - largest);
                value = sum;
            }
        }

        int[] shape = [x.Shape[0], samples];
        return Fill(call, shape, call.ElementType("dtype", OnnxType.Int32), random =>
        {
            ReadOnlySpan<double> line = weights.AsSpan(i++ / samples * classes, classes);
            double place = random.NextSingle() * line[^1];
            int index = 0;
            while (index < classes - 1 && line[index] <= place)
            {
                index++;
            }

            return index;
        });
    }

    private static OnnxValue?[] Fill(OnnxCall call, int[] shape, OnnxType type, Func<RandomSource, double> next)
    {
        double[] values = new double[call.Product(shape)];
        return Draw<OnnxValue?[]>(call, random =>
        {
            for (int i = 0; i < values.Length; i++)
            {
                values[i] = next(random);
            }

            return [Elements.OfDoubles(type, values, shape)];
        });
    }
}
