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

/// <summary>What <c>generate --json</c> prints.</summary>
internal sealed record GenerateOutput(string Run, string Prompt, string Text);
