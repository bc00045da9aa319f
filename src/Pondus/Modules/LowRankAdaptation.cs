using System.IO.Enumeration;

namespace Pondus;

/// <summary>Fine-tunes a network by maps of low rank (LoRA) beside its frozen linear maps.</summary>
/// <remarks>
/// <para>Targets are <c>Linear</c> layers and the projections of a GPT, wherever they stand in the network; packed projections of attention are left alone.</para>
/// <para>Only the adapters are left to train; parameters named by the caller, such as those of a new head, stay trainable too.</para>
/// <para>Source: Hu et al. 2021, arXiv:2106.09685.</para>
/// </remarks>
/// <example><code>
/// LowRankAdaptation.Attach(network, rank: 4, alpha: 8, random);
/// // ... train ...
/// LowRankAdaptation.Merge(network);
/// </code></example>
public static class LowRankAdaptation
{
    /// <summary>Adds adapters, and freezes every parameter that is not one of them.</summary>
    /// <param name="module">The network.</param>
    /// <param name="rank">Rank of each adapter, at least 1.</param>
    /// <param name="alpha">Scale: an adapter's output is multiplied by alpha / rank.</param>
    /// <param name="random">Source of the starting values.</param>
    /// <param name="match">Patterns of the names of modules to adapt, * stands for any letters; empty takes all.</param>
    /// <param name="trained">Patterns of the names of parameters that stay trainable.</param>
    /// <returns>The names of the modules that were adapted.</returns>
    /// <exception cref="ArgumentException">No linear map has a name that fits.</exception>
    public static IReadOnlyList<string> Attach(Module module, int rank, double alpha, RandomSource random, IReadOnlyList<string>? match = null, IReadOnlyList<string>? trained = null)
    {
        ArgumentNullException.ThrowIfNull(module);
        ArgumentNullException.ThrowIfNull(random);
        ArgumentOutOfRangeException.ThrowIfLessThan(rank, 1);
        List<(string Name, ILowRankTarget Target)> targets = [.. Targets(module).Where(t => Matches(match, t.Name, whenEmpty: true))];
        if (targets.Count == 0)
        {
            throw new ArgumentException($"LoRA: expected a pattern that matches a linear map, got {string.Join(", ", match ?? [])}. Linear maps: {string.Join(", ", Targets(module).Select(static t => t.Name))}.", nameof(match));
        }

        foreach ((string name, Parameter parameter) in module.NamedParameters())
        {
            parameter.RequiresGradient &= Matches(trained, name, whenEmpty: false);
        }

        List<string> adapted = [];
        foreach ((string name, ILowRankTarget target) in targets)
        {
            // A layer that starts anew learns all of its weight: an adapter would only double it.
            if (!target.Weights.Weight.RequiresGradient)
            {
                target.Attach(new LowRankAdapter(target.Weights.Inputs, target.Weights.Outputs, rank, alpha, random));
                adapted.Add(name);
            }
        }

        return adapted;
    }

    /// <summary>Adds each adapter's product to the weight beside it and removes the adapters: the network is as large and as fast as before.</summary>
    /// <param name="module">The network.</param>
    /// <returns>The number of adapters that were merged.</returns>
    public static int Merge(Module module)
    {
        ArgumentNullException.ThrowIfNull(module);
        int count = 0;
        foreach ((_, ILowRankTarget target) in Targets(module))
        {
            if (target.Weights.Adapter is { } adapter)
            {
                adapter.MergeInto(target.Weights);
                target.Attach(null);
                count++;
            }
        }

        return count;
    }

    /// <summary>Removes the adapters and leaves the weights beside them as they are.</summary>
    /// <param name="module">The network.</param>
    public static void Detach(Module module)
    {
        ArgumentNullException.ThrowIfNull(module);
        Targets(module).ForEach(static t => t.Target.Attach(null));
    }

    /// <summary>Lists the adapters' parameters by their full names.</summary>
    /// <param name="module">The network.</param>
    /// <returns>Names such as <c>fc1.lora_A.weight</c>, and parameters.</returns>
    public static IEnumerable<(string Name, Parameter Parameter)> NamedParameters(Module module)
    {
        ArgumentNullException.ThrowIfNull(module);
        return module.NamedParameters().Where(static p => p.Name.EndsWith(".lora_A.weight", StringComparison.Ordinal) || p.Name.EndsWith(".lora_B.weight", StringComparison.Ordinal));
    }

    private static List<(string Name, ILowRankTarget Target)> Targets(Module module) =>
        [.. module.NamedModules().Where(static m => m.Module is ILowRankTarget).Select(static m => (m.Name, (ILowRankTarget)m.Module))];

    private static bool Matches(IReadOnlyList<string>? patterns, string name, bool whenEmpty) => patterns is null or { Count: 0 }
        ? whenEmpty
        : patterns.Any(pattern => FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false));
}
