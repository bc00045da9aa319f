using Pondus.Layers;
using Pondus.Tests.Support;

namespace Pondus.Tests.Layers;

/// <summary>The layers of the golden image cases.</summary>
internal static class GoldenImageLayers
{
    public static Layer Make(GoldenCase one) => one.Op switch
    {
        "BatchNorm1d" => new BatchNorm1d(one.Integer("channels"), (float)one.Number("epsilon"), (float)one.Number("momentum"), one.Flag("affine"), one.Flag("running")),
        "BatchNorm2d" => new BatchNorm2d(one.Integer("channels"), (float)one.Number("epsilon"), (float)one.Number("momentum"), one.Flag("affine"), one.Flag("running")),
        "LayerNorm" => new LayerNorm(new Shape(one.Integers("sizes")), (float)one.Number("epsilon"), one.Flag("weight"), one.Flag("bias")),
        "RmsNorm" => new RmsNorm(new Shape(one.Integers("sizes")), (float)one.Number("epsilon"), one.Flag("weight")),
        _ => throw new NotSupportedException($"Golden images: expected a layer for '{one.Op}', got none."),
    };
}
