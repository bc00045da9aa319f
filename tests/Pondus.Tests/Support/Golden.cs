using System.Collections.Concurrent;
using System.Text.Json;
using Pondus.Tests.Conventions;
using Xunit;

namespace Pondus.Tests.Support;

/// <summary>Reference numbers that tools/golden made with PyTorch in double precision.</summary>
public static class Golden
{
    /// <summary>Allowed difference, as a share of a tensor's largest value: what single precision costs is ten times less.</summary>
    public const double Tolerance = 1e-4;

    // Where every expected value is 0, a rest of rounding in sums of about 1 remains: 2^-23, some times over.
    private const double ZeroTolerance = 1e-6;

    private static readonly ConcurrentDictionary<string, IReadOnlyList<GoldenCase>> s_families = new(StringComparer.Ordinal);

    /// <summary>All cases of a family, in the file's order; read once.</summary>
    /// <param name="family">operations, layers, losses, optimizers, schedules or initializers.</param>
    public static IReadOnlyList<GoldenCase> Load(string family) => s_families.GetOrAdd(family, Read);

    /// <summary>The case of this name.</summary>
    public static GoldenCase Case(string family, string name) =>
        Load(family).FirstOrDefault(one => one.Name == name)
        ?? throw new ArgumentException($"Golden '{family}': expected a known case, got '{name}'.", nameof(name));

    /// <summary>The names of a family's cases for a theory, all or those of some operations.</summary>
    /// <param name="family">The family.</param>
    /// <param name="ops">Names of operations; none for all. One without a case is an error: its test would test nothing.</param>
    public static TheoryData<string> Names(string family, params string[] ops)
    {
        IReadOnlyList<GoldenCase> cases = Load(family);
        string[] unknown = ops.Where(op => cases.All(one => one.Op != op)).ToArray();
        if (unknown.Length > 0)
        {
            throw new ArgumentException($"Golden '{family}': expected operations with cases, got {string.Join(", ", unknown)}.", nameof(ops));
        }

        return new TheoryData<string>(cases.Where(one => ops.Length == 0 || ops.Contains(one.Op)).Select(one => one.Name));
    }

    /// <summary>Fails unless max |actual - expected| is at most tolerance times max |expected|.</summary>
    /// <param name="what">Named in the message: case and tensor.</param>
    /// <param name="expected">The reference.</param>
    /// <param name="actual">What the engine gave.</param>
    /// <param name="tolerance">Share of the largest expected value.</param>
    public static void AssertClose(string what, ReadOnlySpan<double> expected, ReadOnlySpan<float> actual, double tolerance = Tolerance)
    {
        double largest = 0;
        foreach (double value in expected)
        {
            largest = Math.Max(largest, Math.Abs(value));
        }

        double allowed = largest == 0 ? ZeroTolerance : tolerance * largest;
        Compare(what, expected, actual, _ => allowed);
    }

    /// <summary>Fails unless each number is within tolerance of its own reference; for tensors that hold a whole range.</summary>
    /// <param name="what">Named in the message: case and tensor.</param>
    /// <param name="expected">The reference.</param>
    /// <param name="actual">What the engine gave.</param>
    /// <param name="tolerance">Share of each expected value.</param>
    /// <param name="floor">Allowed difference where the expected value is near 0.</param>
    public static void AssertEachClose(
        string what, ReadOnlySpan<double> expected, ReadOnlySpan<float> actual, double tolerance = Tolerance, double floor = 1e-37) =>
        Compare(what, expected, actual, value => Math.Max(floor, tolerance * Math.Abs(value)));

    private static void Compare(string what, ReadOnlySpan<double> expected, ReadOnlySpan<float> actual, Func<double, double> allowed)
    {
        if (expected.Length != actual.Length)
        {
            Assert.Fail($"{what}: expected {expected.Length} values, got {actual.Length}.");
        }

        for (int i = 0; i < expected.Length; i++)
        {
            // Written so that a NaN fails.
            if (!(Math.Abs(actual[i] - expected[i]) <= allowed(expected[i])))
            {
                Assert.Fail($"{what}: expected {expected[i]:G9} at {i} of {expected.Length}, got {actual[i]:G9} (allowed difference {allowed(expected[i]):G3}).");
            }
        }
    }

    private static List<GoldenCase> Read(string family)
    {
        using FileStream file = File.OpenRead(Repository.PathOf($"tests/Pondus.Tests/Golden/{family}.json"));
        using JsonDocument document = JsonDocument.Parse(file);
        return document.RootElement.EnumerateArray().Select(GoldenCase.Parse).ToList();
    }
}
