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
        "GroupNorm" => new GroupNorm(one.Integer("groups"), one.Integer("channels"), (float)one.Number("epsilon"), one.Flag("affine")),
        "GroupNormSilu" => new GroupNormSilu(one),
        "InstanceNorm1d" => new InstanceNorm1d(one.Integer("channels"), (float)one.Number("epsilon"), one.Flag("affine")),
        "InstanceNorm2d" => new InstanceNorm2d(one.Integer("channels"), (float)one.Number("epsilon"), one.Flag("affine")),
        "Upsample" => one.Has("size") ? Upsample.ToSize(Pair(one, "size"), Mode(one), one.Flag("alignCorners")) : new Upsample(one.Number("factor"), Mode(one), one.Flag("alignCorners")),
        "PixelShuffle" => new PixelShuffle(one.Integer("factor")),
        "PixelUnshuffle" => new PixelUnshuffle(one.Integer("factor")),
        "ZeroPad2d" => new ZeroPad2d(Sides(one)),
        "ConstantPad1d" => new ConstantPad1d(Sides(one), (float)one.Number("value")),
        "ConstantPad2d" => new ConstantPad2d(Sides(one), (float)one.Number("value")),
        "ReflectionPad1d" => new ReflectionPad1d(Sides(one)),
        "ReflectionPad2d" => new ReflectionPad2d(Sides(one)),
        "ReplicationPad1d" => new ReplicationPad1d(Sides(one)),
        "ReplicationPad2d" => new ReplicationPad2d(Sides(one)),
        "Hardsigmoid" => new Hardsigmoid(),
        "Hardswish" => new Hardswish(),
        "Relu6" => new Relu6(),
        "Mish" => new Mish(),
        "LogSigmoid" => new LogSigmoid(),
        "Softsign" => new Softsign(),
        "Glu" => new Glu(one.Integer("axis")),
        "PRelu" => new PRelu(one.Integer("count")),
        "LayerNorm" => new LayerNorm(new Shape(one.Integers("sizes")), (float)one.Number("epsilon"), one.Flag("weight"), one.Flag("bias")),
        "RmsNorm" => new RmsNorm(new Shape(one.Integers("sizes")), (float)one.Number("epsilon"), one.Flag("weight")),
        _ => throw new NotSupportedException($"Golden images: expected a layer for '{one.Op}', got none."),
    };

    private static Size2d Pair(GoldenCase one, string option) => (one.Integers(option)[0], one.Integers(option)[1]);

    private static UpsampleMode Mode(GoldenCase one) => Enum.Parse<UpsampleMode>(one.Text("mode"), ignoreCase: true);

    private static PadSize Sides(GoldenCase one) => one.Integers("sides") is { Length: 4 } four ? new PadSize(four[0], four[1], four[2], four[3]) : new PadSize(one.Integers("sides")[0], one.Integers("sides")[1]);

    /// <summary>Both in one, under the names of the norm alone.</summary>
    private sealed class GroupNormSilu : Layer
    {
        private readonly GroupNorm _norm;

        public GroupNormSilu(GoldenCase one)
        {
            _norm = new GroupNorm(one.Integer("groups"), one.Integer("channels"), (float)one.Number("epsilon"), one.Flag("affine"));
            foreach (Parameter parameter in _norm.OwnParameters)
            {
                AddParameter(parameter);
            }
        }

        public override Tensor Forward(Tensor x) => _norm.Forward(x, silu: true);
    }
}
