using Pondus.Experiments.Settings;
using Pondus.Layers;

namespace Pondus.Experiments;

/// <summary>Gives its input to several layers and joins their outputs.</summary>
public sealed record ConcatSettings : MadeLayerSettings
{
    /// <inheritdoc/>
    public override string Type => "Concat";

    /// <summary>Gets the axis along which outputs are joined; the batch is axis 0.</summary>
    public int Axis { get; init; } = 1;

    /// <summary>Gets the branches; one of several layers is a Sequential.</summary>
    public required IReadOnlyList<LayerSettings> Branches { get; init; }

    internal override Layer Make(in Shape input, RandomSource random, string path)
    {
        Layer[] branches = new Layer[Branches.Count];
        for (int i = 0; i < branches.Length; i++)
        {
            branches[i] = NetworkBuilder.Make(Branches[i], input, random, $"{path}.branches[{i}]");
        }

        return new Concat(Axis, branches);
    }

    internal override LayerSettings Visit(Fields f) => this with
    {
        Axis = f.Get("axis", Axis, Kinds.Integer(1, Shape.MaxRank), "The axis along which outputs are joined; the batch is axis 0."),
        Branches = f.Get("branches", Branches, Kinds.List(Kind, minimumCount: 1), "The branches; one of several layers is a Sequential."),
    };
}
