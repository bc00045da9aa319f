using System.Text;
using Pondus.Data;

namespace Pondus.Experiments;

/// <summary>The experiments that come with Pondus.</summary>
public static class Recipes
{
    private const string Folder = "recipes/";
    private const string Extension = ".json";

    /// <summary>Gets the names, from the simplest to the largest.</summary>
    public static IReadOnlyList<string> Names { get; } = ["line", "letters", "fashion", "lstm-char"];

    /// <summary>Gets a recipe's file as it is written, with its comments.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <returns>The text.</returns>
    /// <exception cref="ExperimentException">There is no such recipe.</exception>
    public static string Text(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        using Stream? stream = Names.Contains(name, StringComparer.Ordinal)
            ? typeof(Recipes).Assembly.GetManifestResourceStream($"{Folder}{name}{Extension}")
            : null;
        if (stream is null)
        {
            throw new ExperimentException("recipe", $"expected one of {string.Join(", ", Names)}, got '{name}'.{NearestName.Hint(name, Names)}");
        }

        using StreamReader reader = new(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }

    /// <summary>Gets a recipe.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <returns>The experiment.</returns>
    /// <exception cref="ExperimentException">There is no such recipe.</exception>
    public static Experiment Get(string name) => ExperimentFile.Parse(Text(name));

    /// <summary>Gets what a recipe shows: its first comment.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <returns>One line.</returns>
    /// <exception cref="ExperimentException">There is no such recipe.</exception>
    public static string Summary(string name) => Text(name).Split('\n', 2)[0].TrimStart('/', ' ').TrimEnd();
}
