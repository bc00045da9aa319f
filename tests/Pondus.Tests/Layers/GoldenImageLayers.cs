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
        "MaxPool2d" => new MaxPool2d(Pair(one, "kernel"), Pair(one, "stride"), Pair(one, "padding"), Pair(one, "dilation"), one.Flag("ceil")),
        "MaxPool1d" => new MaxPool1d(one.Integers("kernel")[1], one.Integers("stride")[1], one.Integers("padding")[1], one.Integers("dilation")[1], one.Flag("ceil")),
        "AvgPool2d" => new AvgPool2d(Pair(one, "kernel"), Pair(one, "stride"), Pair(one, "padding"), one.Flag("ceil"), one.Flag("countPadding")),
        "AvgPool1d" => new AvgPool1d(one.Integers("kernel")[1], one.Integers("stride")[1], one.Integers("padding")[1], one.Flag("ceil"), one.Flag("countPadding")),
        "AdaptiveAvgPool2d" => new AdaptiveAvgPool2d(Pair(one, "output")),
        "AdaptiveAvgPool1d" => new AdaptiveAvgPool1d(one.Integers("output")[1]),
        "AdaptiveMaxPool2d" => new AdaptiveMaxPool2d(Pair(one, "output")),
        "GlobalAvgPool2d" => new GlobalAvgPool2d(),
        "GlobalMaxPool2d" => new GlobalMaxPool2d(),
        "LayerNorm" => new LayerNorm(new Shape(one.Integers("sizes")), (float)one.Number("epsilon"), one.Flag("weight"), one.Flag("bias")),
        "RmsNorm" => new RmsNorm(new Shape(one.Integers("sizes")), (float)one.Number("epsilon"), one.Flag("weight")),
        _ => throw new NotSupportedException($"Golden images: expected a layer for '{one.Op}', got none."),
    };

    private static Size2d Pair(GoldenCase one, string option) => (one.Integers(option)[0], one.Integers(option)[1]);
}
