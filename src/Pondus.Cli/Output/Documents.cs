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

/// <summary>What <c>run --json</c> prints without inputs.</summary>
internal sealed record GraphOutput(
    string Graph, string Producer, IReadOnlyDictionary<string, long> Opsets, long Parameters, int Nodes, IReadOnlyList<GraphSlot> Inputs, IReadOnlyList<GraphSlot> Outputs);

/// <summary>An input or output of a graph; sizes may be names.</summary>
internal sealed record GraphSlot(string Name, [property: System.Text.Json.Serialization.JsonPropertyName("dtype")] string DataType, IReadOnlyList<string>? Shape);

/// <summary>What <c>run --json</c> prints.</summary>
internal sealed record GraphRunOutput(IReadOnlyList<GraphValue> Outputs);

/// <summary>One output of a graph.</summary>
internal sealed record GraphValue(
    string Name, IReadOnlyList<int> Shape, [property: System.Text.Json.Serialization.JsonPropertyName("dtype")] string DataType, string? Sha256, double? Min, double? Max, double? Mean);
