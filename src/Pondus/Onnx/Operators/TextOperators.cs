using System.Text.RegularExpressions;
using Pondus.Formats.Onnx;

namespace Pondus.Onnx.Operators;

/// <summary>Operators on texts.</summary>
internal static class TextOperators
{
    internal static void Register(OnnxOperators table)
    {
        table.Add("StringNormalizer", Normalize);
        table.Add("StringConcat", Concat);
        table.Add("StringSplit", Split);
        table.Add("RegexFullMatch", Match);
        table.Add("TfIdfVectorizer", CountNGrams);
    }

    private static OnnxValue?[] Normalize(OnnxCall call)
    {
        OnnxValue x = call.Input(0);
        if (x.Rank is not (1 or 2) || (x.Rank == 2 && x.Shape[0] != 1))
        {
            throw call.Error($"expected texts (count) or (1, count), got {x}.");
        }

        string action = call.Text("case_change_action", "NONE");
        StringComparer comparer = call.Int("is_case_sensitive", 0) != 0 ? StringComparer.Ordinal : StringComparer.OrdinalIgnoreCase;
        HashSet<string> stops = new(call.Texts("stopwords") ?? [], comparer);
        string[] kept = [.. x.Data<string>().Where(word => !stops.Contains(word)).Select(word => action switch
        {
            "LOWER" => word.ToLowerInvariant(),
            "UPPER" => word.ToUpperInvariant(),
            _ => word,
        })];
        // If nothing is left there is one empty text.
        kept = kept.Length == 0 ? [string.Empty] : kept;
        return [OnnxValue.Of(kept, x.Rank == 1 ? [kept.Length] : [1, kept.Length])];
    }

    private static OnnxValue?[] Concat(OnnxCall call)
    {
        int[] shape = Broadcast.Shape(call, call.Input(0), call.Input(1));
        string[] a = Broadcast.To(call.Input(0).Data<string>(), call.Input(0).Shape, shape), b = Broadcast.To(call.Input(1).Data<string>(), call.Input(1).Shape, shape);
        return [OnnxValue.Of(Array.ConvertAll([.. Enumerable.Range(0, a.Length)], i => a[i] + b[i]), shape)];
    }

    /// <summary>Parts of each text, filled up with empty ones to the longest list, and how many there are.</summary>
    private static OnnxValue?[] Split(OnnxCall call)
    {
        OnnxValue x = call.Input(0);
        string delimiter = call.Text("delimiter", string.Empty);
        int limit = call.Has("maxsplit") ? (int)Math.Clamp(call.Int("maxsplit", 0), 0, int.MaxValue - 1) + 1 : int.MaxValue;
        string[][] parts = Array.ConvertAll(x.Data<string>(), text => delimiter.Length > 0
            ? text.Split(delimiter, limit)
            : limit == int.MaxValue
                ? text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
                : text.TrimStart().Split((char[]?)null, limit, StringSplitOptions.RemoveEmptyEntries));
        parts = Array.ConvertAll(parts, static list => list is [""] ? [] : list);
        int longest = parts.Length == 0 ? 0 : parts.Max(static list => list.Length);
        int[] shape = [.. x.Shape, longest];
        string[] y = new string[call.Product(shape)];
        Array.Fill(y, string.Empty);
        for (int i = 0; i < parts.Length; i++)
        {
            parts[i].CopyTo(y, i * longest);
        }

        return [OnnxValue.Of(y, shape), OnnxValue.Of(Array.ConvertAll(parts, static list => (long)list.Length), x.Shape)];
    }

    private static OnnxValue?[] Match(OnnxCall call)
    {
        Regex regex;
        try
        {
            // Without backtracking, as the standard's RE2: a hostile pattern takes linear time.
            regex = new Regex($@"\A(?:{call.Text("pattern", string.Empty)})\z", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, Regex.InfiniteMatchTimeout);
        }
        catch (Exception error) when (error is ArgumentException or NotSupportedException)
        {
            throw call.Error($"expected a regular expression, got '{call.Text("pattern", string.Empty)}': {error.Message}");
        }

        return [OnnxValue.Of(Array.ConvertAll(call.Input(0).Data<string>(), regex.IsMatch), call.Input(0).Shape)];
    }

    /// <summary>Counts the n-grams of a list in each row, with gaps up to a number of skips, weighted if asked.</summary>
    private static OnnxValue?[] CountNGrams(OnnxCall call)
    {
        OnnxValue x = call.Input(0);
        string mode = call.Text("mode", "TF");
        Dictionary<string, int> known = NGrams(call);
        long[] columns = call.Ints("ngram_indexes") ?? [];
        float[]? weights = call.Floats("weights");
        int width = call.Size(columns.DefaultIfEmpty(-1).Max() + 1), length = x.Rank == 2 ? x.Shape[1] : x.Count, rows = x.Rank == 2 ? x.Shape[0] : 1;
        int shortest = call.Size(call.Int("min_gram_length", 1)), longest = (int)Math.Min(call.Int("max_gram_length", 1), length), skips = (int)Math.Min(call.Int("max_skip_count", 0), length);
        string[] words = x.Type == OnnxType.String ? x.Data<string>() : Array.ConvertAll(x.Integers(), static word => word.ToString(System.Globalization.CultureInfo.InvariantCulture));
        int[] shape = x.Rank == 2 ? [rows, width] : [width];
        float[] y = new float[call.Product(shape)];
        for (int row = 0; row < rows; row++)
        {
            ArraySegment<string> line = new(words, row * length, length);
            for (int n = Math.Max(1, shortest); n <= longest; n++)
            {
                for (int step = 1; step <= (n == 1 ? 1 : skips + 1); step++)
                {
                    for (int start = 0; start + ((n - 1L) * step) < length; start++)
                    {
                        if (known.TryGetValue(Key(Enumerable.Range(0, n).Select(i => line[start + (i * step)])), out int gram) && gram < columns.Length)
                        {
                            float weight = weights is not null && gram < weights.Length ? weights[gram] : 1;
                            ref float count = ref y[(row * width) + call.Index(columns[gram], width)];
                            count = mode switch
                            {
                                "TF" => count + 1,
                                "IDF" => weight,
                                _ => count + weight,
                            };
                        }
                    }
                }
            }
        }

        return [OnnxValue.Of(y, shape)];
    }

    /// <summary>The n-grams of the pool by their words: those of length n + 1 begin at ngram_counts[n].</summary>
    private static Dictionary<string, int> NGrams(OnnxCall call)
    {
        string[] pool = call.Texts("pool_strings") is { Length: > 0 } texts
            ? texts
            : [.. (call.Ints("pool_int64s") ?? []).Select(static word => word.ToString(System.Globalization.CultureInfo.InvariantCulture))];
        long[] starts = call.Ints("ngram_counts") ?? [];
        Dictionary<string, int> known = new(StringComparer.Ordinal);
        int count = 0;
        for (int n = 1; n <= starts.Length; n++)
        {
            long end = n < starts.Length ? starts[n] : pool.Length;
            if (starts[n - 1] < 0 || end > pool.Length)
            {
                throw call.Error($"expected ngram_counts within the pool of {pool.Length}, got {string.Join(", ", starts)}.");
            }

            for (long start = starts[n - 1]; start + n <= end; start += n, count++)
            {
                known.TryAdd(Key(pool.Skip((int)start).Take(n)), count);
            }
        }

        return known;
    }

    private static string Key(IEnumerable<string> words) => string.Concat(words.Select(static word => $"{word.Length}:{word}"));
}
