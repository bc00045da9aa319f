using System.Text.Json;
using System.Text.RegularExpressions;

namespace Pondus.Tests.Conformance;

/// <summary>Runs one sample in a step of its own and compares what comes out.</summary>
internal static partial class ConformanceRun
{
    /// <summary>The allowed share of the largest value.</summary>
    public const double Tolerance = 1e-4;

    /// <summary>Runs a sample; the body says how it differs, or null.</summary>
    public static void Sample(JsonElement sample, ConformanceCount count, Func<string?> body, PassContext? pass = null)
    {
        Step.Begin(pass ?? new PassContext(IsTraining: true, new RandomSource(1)));
        try
        {
            if (body() is { } difference)
            {
                count.Failures.Add($"{Describe(sample)}: {difference}");
            }
            else
            {
                count.Agree++;
            }
        }
        catch (UnsupportedSampleException reason)
        {
            count.Leave(reason.Message);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            count.Failures.Add($"{Describe(sample)}: {error.GetType().Name}: {error.Message}");
        }
        finally
        {
            Step.End();
        }
    }

    /// <summary>Runs a wrong input, which must be refused by an error that is meant for the user.</summary>
    public static void Refusal(string message, ConformanceCount count, Action body, PassContext? pass = null)
    {
        if (NotOurs().IsMatch(message))
        {
            return;
        }

        Step.Begin(pass ?? new PassContext(IsTraining: true, new RandomSource(1)));
        try
        {
            body();
            count.Failures.Add($"expected a refusal ({message}), got a result");
        }
        catch (UnsupportedSampleException)
        {
            // An option that is not there cannot be misused.
        }
        catch (Exception error) when (error is ShapeException or ArgumentException)
        {
            count.Refused++;
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            count.Failures.Add($"expected a refusal ({message}), got {error.GetType().Name}: {error.Message}");
        }
        finally
        {
            Step.End();
        }
    }

    /// <summary>Compares the outputs that Pondus has and runs their upstream gradients back.</summary>
    public static string? CompareOutputs(JsonElement sample, IReadOnlyList<Tensor> outputs)
    {
        JsonElement upstreams = sample.GetProperty("upstreams");
        Tensor? sum = null;
        for (int i = 0; i < outputs.Count; i++)
        {
            ConformanceArray wanted = ConformanceArray.Parse(sample.GetProperty("outputs")[i]);
            if (!wanted.Sizes.AsSpan().SequenceEqual(outputs[i].Shape.ToArray()))
            {
                return $"output {i}: expected shape ({string.Join(", ", wanted.Sizes)}), got {outputs[i].Shape}";
            }

            if (wanted.Difference(outputs[i].Values, Tolerance) is { } difference)
            {
                return $"output {i}: {difference}";
            }

            if (i < upstreams.GetArrayLength() && outputs[i].UseAny().NeedsGradient)
            {
                ConformanceArray upstream = ConformanceArray.Parse(upstreams[i]);
                Tensor term = (outputs[i] * Tensor.Of(upstream.Singles, upstream.Shape)).Sum();
                sum = sum is { } before ? before + term : term;
            }
        }

        sum?.Backward();
        return null;
    }

    /// <summary>Compares the gradients of the leaves; where PyTorch has none, there must be none or zeros.</summary>
    public static string? CompareGradients(JsonElement gradients, ConformanceCall call)
    {
        for (int i = 0; i < call.Leaves.Count; i++)
        {
            if (call.Uncompared.Contains(i))
            {
                continue;
            }

            ReadOnlySpan<float> got = GradientOf(call, i);
            if (gradients[i].ValueKind == JsonValueKind.False)
            {
                // PyTorch's sample wants none.
                continue;
            }

            if (gradients[i].ValueKind == JsonValueKind.Null)
            {
                if (got.ContainsAnyExcept(0f))
                {
                    return $"gradient {i}: expected none";
                }
            }
            else if (ConformanceArray.Parse(gradients[i]).Difference(got, Tolerance) is { } difference)
            {
                return $"gradient {i}: {difference}";
            }
        }

        return null;
    }

    private static ReadOnlySpan<float> GradientOf(ConformanceCall call, int i)
    {
        if (call.Parameters.TryGetValue(i, out Parameter? parameter))
        {
            return parameter.HasGradient ? parameter.Gradient : new float[parameter.Shape.Count];
        }

        Tensor leaf = call.Leaves[i];
        return HasGradient(leaf.UseAny()) ? leaf.Gradient : new float[leaf.Count];
    }

    private static unsafe bool HasGradient(Node node) => node.Gradient != null;

    private static string Describe(JsonElement sample)
    {
        string text = DataText().Replace(string.Join(' ', new[] { "constructor_args", "constructor", "args", "kwargs" }.Select(name => sample.TryGetProperty(name, out JsonElement part) ? part.GetRawText() : string.Empty)), string.Empty);
        return text.Length > 300 ? text[..300] : text;
    }

    // Element types, devices, layouts and output arguments of PyTorch, which Pondus has not.
    [GeneratedRegex("dtype|device|same type|scalar type|\\bLong\\b|Boolean|[Bb]ool |[Cc]omplex|strided|layout|out=|\\bmeta\\b|[Cc]uda|expected_in|\\bHalf\\b|integral|floating point", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NotOurs();

    [GeneratedRegex(",\\s*\"kind\":\\s*\"[a-z]*\",\\s*\"data\":\\s*\"[^\"]*\"", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex DataText();
}
