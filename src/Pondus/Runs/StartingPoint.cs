using System.IO.Enumeration;
using Pondus.Experiments;
using Pondus.Formats;
using Pondus.Networks;
using Pondus.Training;

namespace Pondus.Runs;

/// <summary>Brings a new network to where its training starts: others' weights, a new head, frozen parts, adapters.</summary>
internal static class StartingPoint
{
    /// <summary>Does what the section says and gives the digest of the weights that were read, and the names of what stays as it is; null for none.</summary>
    public static (string? ParentSha256, IReadOnlyList<string>? Frozen) Apply(StartSettings? start, Module model, ulong seed)
    {
        if (start is null)
        {
            return (null, null);
        }

        string[] head = Names(model, start.Head, "start.head");
        string? parent = start.Weights is { } path ? Load(model, path, head) : null;
        HashSet<string> frozen = [.. Names(model, start.Freeze, "start.freeze")];
        foreach ((string name, Parameter parameter) in model.NamedParameters())
        {
            parameter.RequiresGradient &= !frozen.Contains(name);
        }

        if (start.Lora is { } lora)
        {
            RandomSource random = new RandomSource(seed).Stream("adapters");
            LowRankAdaptation.Attach(model, lora.Rank, lora.Alpha ?? lora.Rank, random, lora.Match, head.Length > 0 ? head : null);
        }

        string[] fixedNames = [.. model.NamedParameters().Where(static p => !p.Parameter.RequiresGradient).Select(static p => p.Name)];
        return model.Parameters.Any(static p => p.RequiresGradient)
            ? (parent, fixedNames.Length > 0 ? fixedNames : null)
            : throw new ExperimentException("start.freeze", "at least one parameter left to train", "none");
    }

    private static string Load(Module model, string path, string[] head)
    {
        ModuleWeights.Load(model, path, NameMap.ToTorchvision, name => head.Contains(name, StringComparer.Ordinal));
        using WeightFile file = WeightFile.Open(path);
        return WeightDigest.Compute(file.Entries);
    }

    private static string[] Names(Module model, IReadOnlyList<string> patterns, string setting)
    {
        HashSet<string> names = [];
        foreach (string pattern in patterns)
        {
            int before = names.Count;
            names.UnionWith(model.NamedParameters().Select(static p => p.Name).Where(name => FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false)));
            if (names.Count == before)
            {
                throw new ExperimentException(setting, $"a pattern that matches a parameter ({string.Join(", ", model.NamedParameters().Select(static p => p.Name))})", $"'{pattern}'");
            }
        }

        return [.. names];
    }
}
