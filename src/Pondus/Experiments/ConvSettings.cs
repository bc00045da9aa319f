using Pondus.Experiments.Settings;
using Pondus.Layers;

namespace Pondus.Experiments;

/// <summary>A convolution, plain or transposed; the channels of the input are those of what comes before.</summary>
/// <param name="type">Conv1d, Conv2d, ConvTranspose1d or ConvTranspose2d.</param>
public sealed record ConvSettings(string type) : MadeLayerSettings
{
    /// <inheritdoc/>
    public override string Type => type;

    /// <summary>Gets the number of output channels.</summary>
    public int Out { get; init; }

    /// <summary>Gets the size of the window; signals have the width alone.</summary>
    public Size2d Kernel { get; init; } = 3;

    /// <summary>Gets the distance of windows.</summary>
    public Size2d Stride { get; init; } = 1;

    /// <summary>Gets the zeros around the input; transposed, what is cut off.</summary>
    public Padding Padding { get; init; }

    /// <summary>Gets what a transposed convolution adds below and right.</summary>
    public Size2d OutputPadding { get; init; }

    /// <summary>Gets the distance of the values that a window takes.</summary>
    public Size2d Dilation { get; init; } = 1;

    /// <summary>Gets the parts of the channels that do not see each other.</summary>
    public int Groups { get; init; } = 1;

    /// <summary>Gets whether a bias is added.</summary>
    public bool Bias { get; init; } = true;

    /// <summary>Gets what the weights start from; null takes the layer's own choice.</summary>
    public InitializerSettings? Weight { get; init; }

    internal static IReadOnlyList<string> Names { get; } = ["Conv1d", "Conv2d", "ConvTranspose1d", "ConvTranspose2d"];

    private bool IsImage => Type.EndsWith("2d", StringComparison.Ordinal);

    private bool IsTransposed => Type.StartsWith("ConvT", StringComparison.Ordinal);

    internal override Layer Make(in Shape input, RandomSource random, string path)
    {
        int axes = IsImage ? 3 : 2, channels = Channels(input, path);
        if (input.Rank != axes)
        {
            throw new ExperimentException(path, $"samples of (channels, {(IsImage ? "height, width" : "length")})", $"samples of {input}");
        }

        if (channels % Groups != 0 || Out % Groups != 0)
        {
            throw new ExperimentException($"{path}.groups", $"a number that divides {channels} and {Out} channels", $"{Groups}");
        }

        Initializer? weight = Weight is null ? null : NetworkBuilder.MakeInitializer(Weight);
        Size2d cut = (Padding.Height, Padding.Width);
        return Type switch
        {
            "Conv1d" => new Conv1d(channels, Out, Kernel.Width, random, Stride.Width, Padding, Dilation.Width, Groups, Bias, weight),
            "Conv2d" => new Conv2d(channels, Out, Kernel, random, Stride, Padding, Dilation, Groups, Bias, weight),
            "ConvTranspose1d" => new ConvTranspose1d(channels, Out, Kernel.Width, random, Stride.Width, cut.Width, OutputPadding.Width, Dilation.Width, Groups, Bias, weight),
            _ => new ConvTranspose2d(channels, Out, Kernel, random, Stride, cut, OutputPadding, Dilation, Groups, Bias, weight),
        };
    }

    internal override LayerSettings Visit(Fields f)
    {
        Kind<Size2d> positive = new SizeKind(1, IsImage), any = new SizeKind(0, IsImage);
        ConvSettings read = this with
        {
            Out = f.Get("out", Out, Kinds.Integer(1), "Number of output channels."),
            Kernel = f.Get("kernel", Kernel, positive, "Size of the window."),
            Stride = f.Get("stride", Stride, positive, "Distance of windows."),
            Padding = IsTransposed
                ? f.Get("padding", new Size2d(Padding.Height, Padding.Width), any, "Places that are cut off on each side.")
                : f.Get("padding", Padding, new PaddingKind(IsImage), "Zeros around the input, or same to keep its size."),
            OutputPadding = IsTransposed ? f.Get("outputPadding", OutputPadding, any, "Places added at the end.") : OutputPadding,
            Dilation = f.Get("dilation", Dilation, positive, "Distance of the values that a window takes."),
            Groups = f.Get("groups", Groups, Kinds.Integer(1), "Parts of the channels that do not see each other; divides both counts."),
            Bias = f.Get("bias", Bias, Kinds.Flag, "Whether a bias is added."),
            Weight = f.Get("weight", Weight, Kinds.Optional(InitializerSettings.Kind), "What the weights start from; null takes the layer's own choice."),
        };
        f.Check(read.Padding != Padding.Same || read.Stride == new Size2d(1, 1), "stride", "1 with padding same", read.Stride.ToString());
        f.Check(Fits(read.OutputPadding.Width, read.Stride.Width, read.Dilation.Width) && (!IsImage || Fits(read.OutputPadding.Height, read.Stride.Height, read.Dilation.Height)), "outputPadding", "less than the stride or the dilation", read.OutputPadding.ToString());
        return read;
    }

    private static bool Fits(int padding, int stride, int dilation) => padding < Math.Max(stride, dilation);
}
