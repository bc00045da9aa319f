using Pondus.Layers;
using Pondus.Tests.Support;

namespace Pondus.Tests.Layers;

/// <summary>The layers of the golden image cases.</summary>
internal static class GoldenImageLayers
{
    public static Layer Make(GoldenCase one) => one.Op switch
    {
        "LayerNorm" => new LayerNorm(new Shape(one.Integers("sizes")), (float)one.Number("epsilon"), one.Flag("weight"), one.Flag("bias")),
        "RmsNorm" => new RmsNorm(new Shape(one.Integers("sizes")), (float)one.Number("epsilon"), one.Flag("weight")),
        _ => throw new NotSupportedException($"Golden images: expected a layer for '{one.Op}', got none."),
    };
}
