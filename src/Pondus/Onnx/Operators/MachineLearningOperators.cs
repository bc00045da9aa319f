using Pondus.Formats.Onnx;

namespace Pondus.Onnx.Operators;

/// <summary>What tables of numbers and texts are prepared with, of ONNX's domain ai.onnx.ml.</summary>
internal static class MachineLearningOperators
{
    private const string Domain = "ai.onnx.ml";

    internal static void Register(OnnxOperators table)
    {
        Add("ArrayFeatureExtractor", Columns);
        Add("Binarizer", static call =>
        {
            double threshold = call.Float("threshold", 0);
            return FunctionOperators.Map(call, x => x > threshold ? 1 : 0);
        });
        Add("Scaler", Scale);
        Add("Normalizer", Normalize);
        Add("Imputer", Impute);
        Add("LabelEncoder", Encode);
        Add("OneHotEncoder", OneHot);
        Add("FeatureVectorizer", Join);
        Add("LinearRegressor", static call => [PostTransforms.Apply(call, Linear(call, call.Floats("coefficients"), (int)call.Int("targets", 1)))]);
        Add("LinearClassifier", Classify);

        void Add(string type, OnnxOperator operation) => table.Add(Domain, type, operation);
    }

    private static OnnxValue?[] Columns(OnnxCall call)
    {
        OnnxValue x = call.Input(0);
        long[] indices = call.Input(1).Integers();
        int size = x.Rank == 0 ? throw call.Error($"expected rows, got {x}.") : x.Shape[^1], rows = Movement.Count(x.Shape.AsSpan(..^1));
        int[] columns = Array.ConvertAll(indices, index => call.Index(index, size)), from = new int[call.Product([rows, columns.Length])];
        for (int i = 0; i < from.Length; i++)
        {
            from[i] = (i / columns.Length * size) + columns[i % columns.Length];
        }

        return [Movement.Pick(x, x.Rank == 1 ? [1, columns.Length] : [.. x.Shape[..^1], columns.Length], from)];
    }

    /// <summary>(x - offset) scale by column, as float32.</summary>
    private static OnnxValue?[] Scale(OnnxCall call)
    {
        OnnxValue x = call.Input(0);
        float[] offset = PerColumn(call, "offset", x), scale = PerColumn(call, "scale", x), y = Elements.Singles(x);
        y = [.. y.Select((value, i) => (value - offset[i % offset.Length]) * scale[i % scale.Length])];
        return [OnnxValue.Of(y, x.Shape)];
    }

    private static float[] PerColumn(OnnxCall call, string name, OnnxValue x) =>
        call.Floats(name) is { Length: > 0 } values && (values.Length == 1 || values.Length == x.Shape.LastOrDefault(1))
            ? values
            : throw call.Error($"expected {name} of 1 or {x.Shape.LastOrDefault(1)} numbers, got {call.Floats(name)?.Length ?? 0}.");

    /// <summary>Rows divided by their largest, sum of absolute values, or length.</summary>
    private static OnnxValue?[] Normalize(OnnxCall call)
    {
        OnnxValue x = call.Input(0);
        int size = x.Rank == 0 ? throw call.Error($"expected rows, got {x}.") : x.Shape[^1];
        double[] y = Elements.Doubles(x);
        string norm = call.Text("norm", "MAX");
        for (int row = 0; row < y.Length / Math.Max(1, size); row++)
        {
            Span<double> line = y.AsSpan(row * size, size);
            double length = norm == "MAX" ? double.NegativeInfinity : 0;
            foreach (double value in line)
            {
                length = norm switch
                {
                    "MAX" => Math.Max(length, value),
                    "L1" => length + Math.Abs(value),
                    "L2" => length + (value * value),
                    _ => throw call.Error($"expected norm MAX, L1 or L2, got '{norm}'."),
                };
            }

            length = norm == "L2" ? Math.Sqrt(length) : length;
            for (int i = 0; i < size && length != 0; i++)
            {
                line[i] /= length;
            }
        }

        return [Elements.OfDoubles(OnnxType.Float, y, x.Shape)];
    }

    private static OnnxValue?[] Impute(OnnxCall call)
    {
        OnnxValue x = call.Input(0);
        bool isFloat = call.Has("imputed_value_floats");
        double[] fill = isFloat ? [.. (call.Floats("imputed_value_floats") ?? []).Select(static v => (double)v)] : [.. (call.Ints("imputed_value_int64s") ?? []).Select(static v => (double)v)];
        double replaced = isFloat ? call.Float("replaced_value_float", 0) : call.Int("replaced_value_int64", 0);
        if (fill.Length == 0 || (fill.Length != 1 && fill.Length != x.Shape.LastOrDefault(1)))
        {
            throw call.Error($"expected 1 or {x.Shape.LastOrDefault(1)} values to fill in, got {fill.Length}.");
        }

        double[] y = [.. Elements.Doubles(x).Select((value, i) => value.Equals(replaced) ? fill[i % fill.Length] : value)];
        return [Elements.OfDoubles(x.Type, y, x.Shape)];
    }

    /// <summary>Replaces keys by values; numbers and texts may stand on either side.</summary>
    private static OnnxValue?[] Encode(OnnxCall call)
    {
        OnnxValue x = call.Input(0);
        if (call.Texts("classes_strings") is { } classes)
        {
            // Version 1: classes and their numbers, in either direction.
            return x.Type == OnnxType.String
                ? [OnnxValue.Of(Array.ConvertAll(x.Data<string>(), text => Array.IndexOf(classes, text) is >= 0 and var place ? place : call.Int("default_int64", -1)), x.Shape)]
                : [OnnxValue.Of(Array.ConvertAll(x.Integers(), place => place >= 0 && place < classes.Length ? classes[place] : call.Text("default_string", "_Unused")), x.Shape)];
        }

        (Dictionary<object, int> places, int count) = Keys(call, x.Type);
        object[] keys = x.Type switch
        {
            OnnxType.String => x.Data<string>(),
            OnnxType.Float => Array.ConvertAll(x.Data<float>(), static value => (object)value),
            OnnxType.Double => Array.ConvertAll(x.Data<double>(), static value => (object)value),
            _ => Array.ConvertAll(x.Integers(), static value => (object)value),
        };
        int[] from = Array.ConvertAll(keys, key => places.GetValueOrDefault(key, count));
        OnnxValue values = Values(call);
        return values.Count == count + 1
            ? [Movement.Pick(values, x.Shape, from)]
            : throw call.Error($"expected {count} values, got {values.Count - 1}.");
    }

    private static (Dictionary<object, int> Places, int Count) Keys(OnnxCall call, OnnxType type)
    {
        object[] keys = type switch
        {
            _ when call.TensorOf("keys_tensor") is { } tensor => tensor.Type switch
            {
                OnnxType.String => tensor.Data<string>(),
                OnnxType.Float => Array.ConvertAll(tensor.Data<float>(), static value => (object)value),
                OnnxType.Double => Array.ConvertAll(tensor.Data<double>(), static value => (object)value),
                _ => Array.ConvertAll(tensor.Integers(), static value => (object)value),
            },
            OnnxType.String => call.Texts("keys_strings") ?? [],
            OnnxType.Float => Array.ConvertAll(call.Floats("keys_floats") ?? [], static value => (object)value),
            _ => Array.ConvertAll(call.Ints("keys_int64s") ?? [], static value => (object)value),
        };
        Dictionary<object, int> places = [];
        for (int i = 0; i < keys.Length; i++)
        {
            // NaN is a key too: as an object it equals itself.
            places.TryAdd(keys[i], i);
        }

        return (places, keys.Length);
    }

    /// <summary>The values, and behind them that of a key that is not there.</summary>
    private static OnnxValue Values(OnnxCall call)
    {
        if (call.TensorOf("values_tensor") is { } tensor)
        {
            OnnxValue missing = call.TensorOf("default_tensor") ?? throw call.Error("expected a default_tensor, got none.");
            return Movement.Concat(call, [tensor.Reshaped(tensor.Count), missing.Reshaped(1)], 0);
        }

        if (call.Texts("values_strings") is { } texts)
        {
            return OnnxValue.Of([.. texts, call.Text("default_string", "_Unused")], texts.Length + 1);
        }

        if (call.Ints("values_int64s") is { } ints)
        {
            return OnnxValue.Of([.. ints, call.Int("default_int64", -1)], ints.Length + 1);
        }

        float[] floats = call.Floats("values_floats") ?? throw call.Error("expected values, got none.");
        return OnnxValue.Of([.. floats, call.Float("default_float", -0f)], floats.Length + 1);
    }

    private static OnnxValue?[] OneHot(OnnxCall call)
    {
        OnnxValue x = call.Input(0);
        int[] places = x.Type == OnnxType.String
            ? Array.ConvertAll(x.Data<string>(), text => Array.IndexOf(call.Texts("cats_strings") ?? [], text))
            : Array.ConvertAll(Elements.Doubles(x), number => Array.IndexOf(call.Ints("cats_int64s") ?? [], (long)number));
        int count = (x.Type == OnnxType.String ? call.Texts("cats_strings")?.Length : call.Ints("cats_int64s")?.Length) ?? 0;
        float[] y = new float[call.Product([places.Length, count])];
        for (int i = 0; i < places.Length; i++)
        {
            if (places[i] >= 0)
            {
                y[(i * count) + places[i]] = 1;
            }
            else if (call.Int("zeros", 1) == 0)
            {
                throw call.Error("expected one of the categories, got another.");
            }
        }

        return [OnnxValue.Of(y, [.. x.Shape, count])];
    }

    private static OnnxValue?[] Join(OnnxCall call)
    {
        OnnxValue[] parts = [.. Enumerable.Range(0, call.Inputs.Count).Select(i => call.Input(i) is var x && x.Rank == 2 ? x : x.Reshaped(1, x.Count))];
        return [Movement.Concat(call, [.. parts.Select(static part => Elements.As(part, OnnxType.Float))], 1)];
    }

    /// <summary>x cᵀ + b, a row of coefficients for each target.</summary>
    private static OnnxValue Linear(OnnxCall call, float[]? coefficients, int targets)
    {
        OnnxValue x = call.Input(0) is var given && given.Rank == 1 ? given.Reshaped(1, given.Count) : call.InputOfRank(0, 2, "rows, columns");
        int columns = x.Shape[1];
        float[] intercepts = call.Floats("intercepts") is { Length: > 0 } some ? some : new float[Math.Max(0, targets)];
        if (targets < 1 || coefficients?.LongLength != (long)targets * columns || intercepts.Length != targets)
        {
            throw call.Error($"expected {targets} rows of {columns} coefficients and an intercept each, got {coefficients?.Length ?? 0} and {intercepts.Length}.");
        }

        float[] values = Elements.Singles(x), y = new float[call.Product([x.Shape[0], targets])];
        for (int i = 0; i < y.Length; i++)
        {
            float sum = intercepts[i % targets];
            for (int j = 0; j < columns; j++)
            {
                sum += values[(i / targets * columns) + j] * coefficients[(i % targets * columns) + j];
            }

            y[i] = sum;
        }

        return OnnxValue.Of(y, x.Shape[0], targets);
    }

    /// <summary>The class of the largest score, and the scores; two classes may share one row of coefficients.</summary>
    private static OnnxValue?[] Classify(OnnxCall call)
    {
        string[]? texts = call.Texts("classlabels_strings") is { Length: > 0 } names ? names : null;
        long[]? numbers = call.Ints("classlabels_ints") is { Length: > 0 } labels ? labels : null;
        int classes = texts?.Length ?? numbers?.Length ?? throw call.Error("expected labels of classes, got none.");
        int rows = call.Floats("intercepts")?.Length is > 0 and var count ? count : classes;
        OnnxValue scores = Linear(call, call.Floats("coefficients"), rows);
        float[] y = scores.Data<float>();
        int batch = scores.Shape[0];
        if (rows == 1 && classes == 2)
        {
            y = [.. y.SelectMany(static score => new[] { -score, score })];
            rows = 2;
        }

        if (rows != classes)
        {
            throw call.Error($"expected {classes} rows of coefficients, got {rows}.");
        }

        int[] best = [.. Enumerable.Range(0, batch).Select(row => Enumerable.Range(0, classes).MaxBy(i => y[(row * classes) + i]))];
        OnnxValue label = texts is not null
            ? OnnxValue.Of(Array.ConvertAll(best, i => texts[i]), batch)
            : OnnxValue.Of(Array.ConvertAll(best, i => numbers![i]), batch);
        return [label, PostTransforms.Apply(call, OnnxValue.Of(y, batch, classes))];
    }
}
