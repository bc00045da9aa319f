using System.Text.Json.Nodes;

namespace Pondus.Benchmarks.Report;

/// <summary>Contestants that ran in turn, as often as there are pairs: the machine's mood meets all of them alike.</summary>
internal sealed class Interleaved
{
    private readonly List<Contestant> _contestants;
    private readonly Dictionary<Contestant, List<JsonObject>> _results;

    private Interleaved(List<Contestant> contestants)
    {
        _contestants = contestants;
        // By reference, since a failure changes what a record is equal to.
        _results = new Dictionary<Contestant, List<JsonObject>>(ReferenceEqualityComparer.Instance);
        contestants.ForEach(c => _results.Add(c, []));
    }

    /// <summary>Runs them, each round in the opposite order of the one before. Who cannot run is left out of the rest.</summary>
    public static Interleaved Run(string what, int pairs, List<Contestant> contestants)
    {
        Interleaved all = new(contestants);
        for (int pair = 0; pair < pairs; pair++)
        {
            foreach (Contestant contestant in pair % 2 == 0 ? contestants : Enumerable.Reverse(contestants))
            {
                if (contestant.Failure is not null)
                {
                    continue;
                }

                Console.Error.WriteLine($"{what}, pair {pair + 1} of {pairs}: {contestant.Name}");
                if (contestant.Run() is { } result)
                {
                    all._results[contestant].Add(result);
                }
                else
                {
                    Console.Error.WriteLine($"  could not run: {contestant.Failure}");
                }
            }
        }

        return all;
    }

    public Contestant Get(string name) => _contestants.First(c => c.Name == name);

    public IReadOnlyList<JsonObject> Of(Contestant contestant) => _results[contestant];

    /// <summary>The median of a number over a contestant's runs.</summary>
    public double Median(Contestant contestant, string key)
    {
        double[] values = [.. _results[contestant].Select(r => r[key]).OfType<JsonNode>().Select(static n => n.GetValue<double>())];
        return values.Length == 0 ? double.NaN : Statistics.Median(values);
    }

    /// <summary>How many times one's time is another's, pair by pair.</summary>
    public double[] Ratios(Contestant above, Contestant below) =>
        [.. _results[above].Zip(_results[below], static (a, b) => a["us_median"]!.GetValue<double>() / b["us_median"]!.GetValue<double>())];
}
