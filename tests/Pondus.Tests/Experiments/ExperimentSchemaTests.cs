using System.Text.Json;
using System.Text.Json.Nodes;
using Pondus.Experiments;
using Pondus.Losses;
using Pondus.Optimizers;
using Pondus.Schedules;
using Xunit;

namespace Pondus.Tests.Experiments;

public class ExperimentSchemaTests
{
    private static readonly JsonObject s_schema = JsonNode.Parse(ExperimentSchema.Text)!.AsObject();
    private static readonly JsonDocumentOptions s_lenient = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    [Fact]
    public void Text_Recipes_AreAcceptedAsWrittenAndWithDefaults()
    {
        SchemaValidator validator = new(s_schema);
        foreach (string name in Recipes.Names)
        {
            Assert.True(validator.Accepts(JsonNode.Parse(Recipes.Text(name), null, s_lenient)), name);
            Assert.True(validator.Accepts(JsonNode.Parse(Recipes.Get(name).ToJson())), name);
        }
    }

    [Theory]
    [InlineData("seed", "\"x\"")]
    [InlineData("sed", "1")]
    [InlineData("optimizer", "\"Adm\"")]
    [InlineData("optimizer", "{\"type\":\"Adam\",\"learningRate\":0}")]
    [InlineData("optimizer", "{\"type\":\"Adam\",\"momentum\":0.5}")]
    [InlineData("model", "[{\"type\":\"Linear\"}]")]
    [InlineData("model", "[\"Linear\"]")]
    [InlineData("monitor", "\"loud\"")]
    [InlineData("training", "{\"epochs\":0}")]
    [InlineData("schedule", "{\"type\":\"WarmUp\",\"then\":\"Constnt\"}")]
    public void Text_WhatParseRefuses_IsRefused(string key, string value)
    {
        JsonObject file = JsonNode.Parse(Recipes.Get("letters").ToJson())!.AsObject();
        file[key] = JsonNode.Parse(value);
        Assert.Throws<ExperimentException>(() => ExperimentFile.Parse(file.ToJsonString()));
        Assert.False(new SchemaValidator(s_schema).Accepts(file));
    }

    [Fact]
    public void Text_EveryVariant_ReadsWithItsDefaults()
    {
        // Each object in the definitions is a variant; filled with its defaults it must read, or the schema promises what the reader refuses.
        string[] sections = ["optimizer", "schedule", "loss", "layer"];
        Dictionary<string, List<string>> tried = sections.ToDictionary(static s => s, static _ => new List<string>());
        foreach (string section in sections)
        {
            foreach (JsonNode? variant in s_schema["$defs"]![section]!["anyOf"]!.AsArray().Where(v => v!["properties"] is not null))
            {
                JsonObject value = [];
                foreach ((string key, JsonNode? property) in variant!["properties"]!.AsObject())
                {
                    bool required = variant["required"]!.AsArray().Any(r => string.Equals(r!.GetValue<string>(), key, StringComparison.Ordinal));
                    value[key] = (property!["const"] ?? (required ? Required(key) : property["default"]))?.DeepClone();
                }

                JsonObject file = JsonNode.Parse(Recipes.Get("letters").ToJson())!.AsObject();
                if (section is "layer")
                {
                    file["model"] = new JsonArray(value);
                }
                else
                {
                    file[section] = value;
                }

                ExperimentFile.Parse(file.ToJsonString());
                tried[section].Add(variant["properties"]!["type"]!["const"]!.GetValue<string>());
            }
        }

        // Each has the name of the type that it makes; what the library has beyond them takes code.
        Assert.Equal(["Lookahead"], Untried<Optimizer>("optimizer"));
        Assert.Equal(["ScheduleSequence"], Untried<Schedule>("schedule"));
        Assert.Equal(["BinaryCrossEntropyOnProbabilities", "CtcLoss"], Untried<Loss>("loss"));
        Assert.Equal([], Untried<Layer>("layer"));

        IEnumerable<string> Untried<T>(string section)
        {
            string[] types = [.. typeof(T).Assembly.GetExportedTypes().Where(static t => t.IsSubclassOf(typeof(T)) && !t.IsAbstract && t.Namespace is not ("Pondus.Networks" or "Pondus.Onnx")).Select(static t => t.Name)];
            string[] made = [.. tried[section].Select(static name => name switch { "Step" => "Heaviside", "GeluTanh" => "Gelu", _ => name })];
            Assert.Empty(made.Except(types));
            return types.Except(made).Order(StringComparer.Ordinal);
        }
    }

    private static JsonNode Required(string key) => key switch
    {
        "layers" or "body" or "branches" => new JsonArray("Relu"),
        "milestones" => new JsonArray(3),
        _ => JsonValue.Create(3),
    };
}
