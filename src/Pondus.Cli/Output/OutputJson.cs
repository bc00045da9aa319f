using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Pondus.Cli.Output;

/// <summary>The JSON documents that commands print; made without reflection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    WriteIndented = true,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(TrainOutcome))]
[JsonSerializable(typeof(PredictOutcome))]
[JsonSerializable(typeof(GenerateOutput))]
[JsonSerializable(typeof(JsonObject))]
[JsonSerializable(typeof(NeuronOutput))]
[JsonSerializable(typeof(RecipesOutput))]
[JsonSerializable(typeof(DataSetEntry))]
[JsonSerializable(typeof(DataSetsOutput))]
[JsonSerializable(typeof(RunsOutput))]
[JsonSerializable(typeof(InspectionOutput))]
[JsonSerializable(typeof(DifferenceOutput))]
[JsonSerializable(typeof(ConversionOutput))]
[JsonSerializable(typeof(OperationOutput))]
[JsonSerializable(typeof(MergeOutput))]
[JsonSerializable(typeof(GraphOutput))]
[JsonSerializable(typeof(GraphRunOutput))]
internal sealed partial class OutputJson : JsonSerializerContext
{
    /// <summary>Prints one document.</summary>
    public static void Print<T>(TextWriter writer, T value, JsonTypeInfo<T> type) => writer.WriteLine(JsonSerializer.Serialize(value, type));
}
