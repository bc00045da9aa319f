using Pondus.Data;
using Pondus.Experiments;

namespace Pondus.Cli.Commands;

/// <summary>Finds the experiment that a command names: a recipe, or a file.</summary>
internal static class ExperimentArgument
{
    public static Experiment Load(string name)
    {
        if (Recipes.Names.Contains(name, StringComparer.Ordinal))
        {
            return Recipes.Get(name);
        }

        if (File.Exists(name))
        {
            return ExperimentFile.Load(name);
        }

        string hint = NearestName.Hint(name, Recipes.Names);
        throw new ExperimentException(name, $"expected a recipe ({string.Join(", ", Recipes.Names)}) or an experiment file, got neither.{hint}");
    }
}
