using System.Text;

namespace Pondus.Layers;

/// <summary>What convolution layers share: their weight, their bias and their sizes.</summary>
/// <remarks>In a <see cref="Sequential"/>, a <see cref="Relu"/> right behind is computed together with it, and so is a <see cref="MaxPool2d"/> of two by two places behind either.</remarks>
public abstract class Convolution : Layer, IReluFusing
{
    private readonly ConvolutionSettings _settings;
    private PackedConvolution? _packed;

    private protected Convolution(ConvolutionSettings settings, RandomSource random, bool useBias, Initializer? weightInitializer, Initializer? biasInitializer)
    {
        _settings = settings;
        Shape shape = settings.WeightShape;
        Initializer usual = new UniformFanIn(shape.Product(1, shape.Rank));
        Weight = AddParameter("weight", shape, weightInitializer ?? usual, random);
        Bias = useBias ? AddParameter("bias", [settings.OutChannels], biasInitializer ?? usual, random) : null;
    }

    /// <summary>Gets the number of the input's channels.</summary>
    public int InChannels => _settings.InChannels;

    /// <summary>Gets the number of the output's channels.</summary>
    public int OutChannels => _settings.OutChannels;

    /// <summary>Gets the weight.</summary>
    public Parameter Weight { get; }

    /// <summary>Gets the bias, one value for each output channel, or null.</summary>
    public Parameter? Bias { get; }

    /// <inheritdoc/>
    /// <exception cref="ShapeException">The axes or the channels of <paramref name="x"/> are others, or the kernel does not fit.</exception>
    public override Tensor Forward(Tensor x) => Forward(x, relu: false, pooled: false);

    /// <inheritdoc/>
    Tensor IReluFusing.Forward(Tensor x, bool relu) => Forward(x, relu, pooled: false);

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input)
    {
        Shape batch = input.Rank == _settings.Axes + 1 ? BatchAxis.Add(input) : input;
        Check(batch, input);
        return BatchAxis.Remove(_settings.OutputShape(batch));
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        StringBuilder text = new($"{GetType().Name}({InChannels} -> {OutChannels}, kernel {Print(_settings.Kernel)}");
        Append("stride", _settings.Stride, (1, 1));
        if (_settings.SamePadding)
        {
            text.Append(", padding same");
        }
        else
        {
            Append("padding", _settings.PadBefore, (0, 0));
        }

        Append("output padding", _settings.OutputPadding, (0, 0));
        Append("dilation", _settings.Dilation, (1, 1));
        text.Append(_settings.Groups == 1 ? string.Empty : $", groups {_settings.Groups}");
        return text.Append(Bias is null ? ", no bias)" : ")").ToString();

        void Append(string name, (int Y, int X) size, (int Y, int X) usual)
        {
            if ((_settings.Axes == 1 ? (usual.Y, size.X) : size) != usual)
            {
                text.Append($", {name} {Print(size)}");
            }
        }
    }

    private protected static ConvolutionSettings Settings(int axes, int inChannels, int outChannels, Size2d kernelSize, Size2d stride, Padding padding, Size2d dilation, int groups)
    {
        bool same = padding == Padding.Same;
        ConvolutionSettings settings = Checked(axes, inChannels, outChannels, kernelSize, stride, same ? default : new Size2d(padding.Height, padding.Width), dilation, groups);
        if (!same)
        {
            return settings;
        }

        if ((axes == 1 ? stride.Width : Math.Max(stride.Height, stride.Width)) != 1)
        {
            throw new ArgumentOutOfRangeException(nameof(stride), $"Convolution: expected stride 1 with padding same, got {stride}. Give the padding as a number.");
        }

        int height = dilation.Height * (kernelSize.Height - 1), width = dilation.Width * (kernelSize.Width - 1);
        if (axes == 1)
        {
            height = 0;
        }

        return settings with { SamePadding = true, PadBefore = (height / 2, width / 2), PadAfter = (height - (height / 2), width - (width / 2)) };
    }

    private protected static ConvolutionSettings TransposedSettings(
        int axes, int inChannels, int outChannels, Size2d kernelSize, Size2d stride, Size2d padding, Size2d outputPadding, Size2d dilation, int groups)
    {
        ConvolutionSettings settings = Checked(axes, inChannels, outChannels, kernelSize, stride, padding, dilation, groups);
        CheckOutputPadding(outputPadding.Width, stride.Width, dilation.Width);
        if (axes == 2)
        {
            CheckOutputPadding(outputPadding.Height, stride.Height, dilation.Height);
        }

        return settings with { Transposed = true, OutputPadding = Pair(axes, outputPadding, 0) };
    }

    private static ConvolutionSettings Checked(int axes, int inChannels, int outChannels, Size2d kernelSize, Size2d stride, Size2d padding, Size2d dilation, int groups)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(inChannels, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(outChannels, 1);
        CheckSize(kernelSize, 1, nameof(kernelSize));
        CheckSize(stride, 1, nameof(stride));
        CheckSize(padding, 0, nameof(padding));
        CheckSize(dilation, 1, nameof(dilation));
        ArgumentOutOfRangeException.ThrowIfLessThan(groups, 1);
        if (inChannels % groups != 0 || outChannels % groups != 0)
        {
            throw new ArgumentOutOfRangeException(nameof(groups), $"Convolution: expected groups that divide {inChannels} and {outChannels} channels, got {groups}.");
        }

        return new()
        {
            Axes = axes,
            InChannels = inChannels,
            OutChannels = outChannels,
            Kernel = Pair(axes, kernelSize, 1),
            Stride = Pair(axes, stride, 1),
            PadBefore = Pair(axes, padding, 0),
            PadAfter = Pair(axes, padding, 0),
            Dilation = Pair(axes, dilation, 1),
            Groups = groups,
        };
    }

    // A signal is an image of height 1.
    private static (int Y, int X) Pair(int axes, Size2d size, int usual) => (axes == 1 ? usual : size.Height, size.Width);

    private static void CheckSize(Size2d size, int least, string name)
    {
        if (Math.Min(size.Height, size.Width) < least)
        {
            throw new ArgumentOutOfRangeException(name, $"Convolution: expected {name} of at least {least}, got {size}.");
        }
    }

    private static void CheckOutputPadding(int outputPadding, int stride, int dilation)
    {
        if (outputPadding < 0 || outputPadding >= Math.Max(stride, dilation))
        {
            throw new ArgumentOutOfRangeException(nameof(outputPadding), $"Convolution: expected output padding from 0 to below the stride or the dilation ({Math.Max(stride, dilation)}), got {outputPadding}.");
        }
    }

    private string Print((int Y, int X) size) => _settings.Axes == 1 ? $"{size.X}" : new Size2d(size.Y, size.X).ToString();

    /// <summary>Whether the layer can compute a ReLU and a max pooling of two by two places along, for inputs of these sizes.</summary>
    internal bool CanPool(in Shape input)
    {
        if (_settings.Transposed || _settings.Axes != 2 || input.Rank != 4 || input[1] != InChannels)
        {
            return false;
        }

        (int height, int width) = _settings.OutputSize(input);
        return height >= 2 && width >= 2 && _settings.RunsInTiles(input);
    }

    /// <summary>The layer, a ReLU behind it if wanted, and a max pooling of two by two places if wanted, in one pass over memory.</summary>
    internal Tensor Forward(Tensor x, bool relu, bool pooled)
    {
        Shape shape = x.Shape;
        if (shape.Rank == _settings.Axes + 1)
        {
            Shape batch = BatchAxis.Add(shape);
            Check(batch, shape);
            Tensor y = ConvolutionOperation.Apply(x.Reshape(batch), Weight, Bias, _settings, Packed(batch), relu, pooled);
            return y.Reshape(BatchAxis.Remove(y.Shape));
        }

        Check(shape, shape);
        return ConvolutionOperation.Apply(x, Weight, Bias, _settings, Packed(shape), relu, pooled);
    }

    // Weights that do not change are laid out for the kernel once.
    private PackedConvolution? Packed(in Shape input)
    {
        if (Tape.Current is not { Recording: false } || _settings.Transposed)
        {
            return null;
        }

        PackedConvolution? packed = Volatile.Read(ref _packed);
        if (packed is null || packed.Version != Weight.Node.Version)
        {
            if (!_settings.RunsInTiles(input))
            {
                return null;
            }

            packed = new PackedConvolution(Weight, _settings, input);
            Volatile.Write(ref _packed, packed);
        }

        return packed;
    }

    private void Check(in Shape batch, in Shape shown)
    {
        if (batch.Rank != _settings.Axes + 2 || batch[1] != InChannels)
        {
            throw new ShapeException($"{this}: expected input of shape (batch, {InChannels}, {(_settings.Axes == 1 ? "length" : "height, width")}), got {shown}.");
        }

        if (batch.Product(2, batch.Rank) == 0)
        {
            throw new ShapeException($"{this}: expected an input of at least one place, got {shown}.");
        }

        (int height, int width) = _settings.OutputSize(batch);
        if (height < 1 || width < 1)
        {
            throw new ShapeException($"{this}: expected an input that the kernel fits into, got {shown}. Use a smaller kernel or more padding.");
        }
    }
}
