using System.Collections;
using System.IO.Enumeration;

namespace Pondus.Optimizers;

/// <summary>The parameters of a module, some with settings of their own: what any optimizer takes in place of plain parameters.</summary>
/// <remarks>A parameter takes the settings of every group that matches it; where two give the same setting, the later one holds.</remarks>
public sealed class ParameterGroups : IEnumerable<Parameter>
{
    private const int NamesShown = 3;

    private readonly List<Parameter> _parameters = [];
    private readonly Dictionary<Parameter, ParameterGroup> _settings = [];

    /// <summary>Applies groups to the parameters of a module; those of frozen groups no longer require a gradient.</summary>
    /// <param name="module">The module.</param>
    /// <param name="groups">The groups.</param>
    /// <exception cref="ArgumentException">A pattern matches no parameter.</exception>
    public ParameterGroups(Module module, params IReadOnlyList<ParameterGroup> groups)
    {
        ArgumentNullException.ThrowIfNull(module);
        ArgumentNullException.ThrowIfNull(groups);
        (string Name, Parameter Parameter)[] named = [.. module.NamedParameters()];
        foreach (ParameterGroup group in groups)
        {
            group.Check();
            if (!Array.Exists(named, pair => Matches(group, pair.Name, pair.Parameter)))
            {
                throw new ArgumentException($"ParameterGroup '{group.Match}': expected a pattern of parameter names, got one that matches none. Nearest: {Nearest(group.Match, named)}.", nameof(groups));
            }
        }

        foreach ((string name, Parameter parameter) in named)
        {
            ParameterGroup merged = Usual;
            foreach (ParameterGroup group in groups.Where(group => Matches(group, name, parameter)))
            {
                merged = merged with
                {
                    LearningRateFactor = group.LearningRateFactor ?? merged.LearningRateFactor,
                    WeightDecay = group.WeightDecay ?? merged.WeightDecay,
                    Momentum = group.Momentum ?? merged.Momentum,
                    Beta2 = group.Beta2 ?? merged.Beta2,
                    Frozen = group.Frozen || merged.Frozen,
                };
            }

            if (merged.Frozen)
            {
                parameter.RequiresGradient = false;
            }

            _parameters.Add(parameter);
            _settings[parameter] = merged;
        }
    }

    /// <summary>Gets settings that change nothing.</summary>
    internal static ParameterGroup Usual { get; } = new("*");

    /// <inheritdoc/>
    public IEnumerator<Parameter> GetEnumerator() => _parameters.GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal ParameterGroup SettingsOf(Parameter parameter) => _settings[parameter];

    private static bool Matches(ParameterGroup group, string name, Parameter parameter) =>
        FileSystemName.MatchesSimpleExpression(group.Match, name, ignoreCase: false) && !(group.VectorsOnly && parameter.Shape.Rank > 1);

    private static string Nearest(string match, (string Name, Parameter Parameter)[] named) => named.Length == 0
        ? "none, since the module has no parameters"
        : string.Join(", ", named.OrderBy(pair => Distance(match, pair.Name)).Take(NamesShown).Select(static pair => pair.Name));

    /// <summary>Fewest insertions, deletions and replacements that make a name of the pattern; what a star takes is free.</summary>
    private static int Distance(string match, string name)
    {
        int[] row = [.. Enumerable.Range(0, name.Length + 1)];
        foreach (char symbol in match)
        {
            int diagonal = row[0];
            row[0] += symbol == '*' ? 0 : 1;
            for (int i = 1; i < row.Length; i++)
            {
                int above = row[i];
                row[i] = symbol == '*'
                    ? Math.Min(above, row[i - 1])
                    : Math.Min(Math.Min(above, row[i - 1]) + 1, diagonal + (symbol == name[i - 1] || symbol == '?' ? 0 : 1));
                diagonal = above;
            }
        }

        return row[^1];
    }
}
