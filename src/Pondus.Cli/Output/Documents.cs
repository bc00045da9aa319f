using System.Text.Json.Serialization;
using Pondus.Cli.Services;

namespace Pondus.Cli.Output;

/// <summary>What <c>neuron --json</c> prints.</summary>
internal sealed record NeuronOutput(double Output, double Sum, IReadOnlyList<double> Contributions, double Bias, string Activation, bool Fires);

/// <summary>What <c>recipes --json</c> prints.</summary>
internal sealed record RecipesOutput(IReadOnlyList<RecipeOutput> Recipes);

/// <summary>One recipe.</summary>
internal sealed record RecipeOutput(string Name, string Summary);

/// <summary>What <c>data --json</c> prints.</summary>
internal sealed record DataSetsOutput(IReadOnlyList<DataSetEntry> DataSets);

/// <summary>What <c>runs --json</c> prints.</summary>
internal sealed record RunsOutput(string Folder, IReadOnlyList<RunOutput> Runs);

/// <summary>What <c>evaluate --json</c> prints: the loss and the metrics stand beside the run.</summary>
internal sealed record EvaluateOutput(string Run, int Samples)
{
    /// <summary>Gets <c>loss</c> and the metrics.</summary>
    [JsonExtensionData]
    public Dictionary<string, object> Results { get; init; } = [];
}
