using Pondus.Experiments.Settings;

namespace Pondus.Experiments;

/// <summary>What training starts from when it does not start from scratch: others' weights, some of them frozen, some replaced.</summary>
public sealed record StartSettings
{
    /// <summary>Gets the weights file, or null for the initializers' weights.</summary>
    public string? Weights { get; init; }

    /// <summary>Gets patterns of names of parameters and buffers that start anew: a new head on an old body.</summary>
    public IReadOnlyList<string> Head { get; init; } = [];

    /// <summary>Gets patterns of names of parameters that stay as they are.</summary>
    public IReadOnlyList<string> Freeze { get; init; } = [];

    /// <summary>Gets the maps of low rank that are trained in place of the weights, or null.</summary>
    public LoraSettings? Lora { get; init; }

    internal static Kind<StartSettings> Kind { get; } = new SectionKind<StartSettings>(
        new(),
        static (s, f) => s.Visit(f),
        "weights");

    private StartSettings Visit(Fields f)
    {
        StartSettings visited = this with
        {
            Weights = f.Get("weights", Weights, Kinds.Optional(Kinds.Path("a weights file")), "Weights file to start from, of any format; null starts from the initializers."),
            Head = f.Get("head", Head, Kinds.List(Kinds.Text("a pattern of parameter names")), "Parameters, and statistics of norms, that start anew although the file has them; * stands for any letters."),
            Freeze = f.Get("freeze", Freeze, Kinds.List(Kinds.Text("a pattern of parameter names")), "Parameters that stay as they are; * stands for any letters."),
            Lora = f.Get("lora", Lora, Kinds.Optional(LoraSettings.Kind), "Maps of low rank that are trained while the weights beside them stay as they are."),
        };
        f.Check(visited.Weights is not null || visited.Head.Count == 0, "head", "a file in weights, of which the head is left out", "null there");
        return visited;
    }
}
