using System.IO.Enumeration;
using Pondus.Experiments;
using Pondus.Formats;
using Pondus.Networks;
using Pondus.Training;

namespace Pondus.Runs;

/// <summary>Brings a new network to where its training starts: others' weights, a new head, frozen parts, adapters.</summary>
internal static class StartingPoint
{
    /// <summary>Does what the section says and writes into the record which weights were read, what was done to fit them, and what stays as it is.</summary>
    public static RunRecord Apply(StartSettings? start, Module model, RunRecord record)
    {
        if (start is null)
        {
            return record;
        }

        // Statistics of a norm belong to the layer that starts anew.
        string[] head = Names(model.NamedParameters().Concat(model.NamedBuffers()), start.Head, "start.head");
        if (start.Weights is { } path)
        {
            record = Load(model, path, head, record);
        }

        HashSet<string> frozen = [.. Names(model.NamedParameters(), start.Freeze, "start.freeze")];
        foreach ((string name, Parameter parameter) in model.NamedParameters())
        {
            parameter.RequiresGradient &= !frozen.Contains(name);
        }

        if (start.Lora is { } lora)
        {
            RandomSource random = new RandomSource(record.Seed).Stream("adapters");
            LowRankAdaptation.Attach(model, lora.Rank, lora.Alpha ?? lora.Rank, random, lora.Match, head.Length > 0 ? head : null);
        }

        string[] fixedNames = [.. model.NamedParameters().Where(static p => !p.Parameter.RequiresGradient).Select(static p => p.Name)];
        return model.Parameters.Any(static p => p.RequiresGradient)
            ? record with { Frozen = fixedNames.Length > 0 ? fixedNames : null }
            : throw new ExperimentException("start.freeze", "at least one parameter left to train", "none");
    }

    private static RunRecord Load(Module model, string path, string[] head, RunRecord record)
    {
        IReadOnlyList<string> notes = ModuleWeights.Load(model, path, NameMap.ToTorchvision, name => head.Contains(name, StringComparer.Ordinal));
        using WeightFile file = WeightFile.Open(path);
        IEnumerable<string> dangers = file.Remarks.Where(static remark => remark.Kind is WeightRemarkKind.Threat or WeightRemarkKind.Refused).Select(static remark => $"{remark.Subject}: {remark.Message}");
        string[] all = [.. notes, .. dangers];
        return record with { ParentSha256 = WeightDigest.Compute(file.Entries), Notes = all.Length > 0 ? all : null };
    }

    private static string[] Names(IEnumerable<(string Name, Parameter Parameter)> parameters, IReadOnlyList<string> patterns, string setting)
    {
        string[] known = [.. parameters.Select(static p => p.Name)];
        HashSet<string> names = [];
        foreach (string pattern in patterns)
        {
            int before = names.Count;
            names.UnionWith(known.Where(name => FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false)));
            if (names.Count == before)
            {
                throw new ExperimentException(setting, $"a pattern that matches a parameter ({string.Join(", ", known)})", $"'{pattern}'");
            }
        }

        return [.. names];
    }
}
