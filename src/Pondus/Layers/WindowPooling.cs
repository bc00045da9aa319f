using Pondus.Kernels;

namespace Pondus.Layers;

/// <summary>What the poolings over windows of a given size share.</summary>
public abstract class WindowPooling : Pooling
{
    private readonly bool _image;

    private protected WindowPooling(bool image, bool average, Size2d kernelSize, Size2d? stride, Size2d padding, Size2d dilation, bool ceilMode, bool countPadding = false)
        : base(image, average, countPadding)
    {
        _image = image;
        KernelSize = Check(kernelSize, 1, nameof(kernelSize));
        Stride = Check(stride ?? kernelSize, 1, nameof(stride));
        PaddingSize = Check(padding, 0, nameof(padding));
        Dilation = Check(dilation, 1, nameof(dilation));
        CeilMode = ceilMode;
        if (2 * padding.Width > kernelSize.Width || (image && 2 * padding.Height > kernelSize.Height))
        {
            throw new ArgumentOutOfRangeException(nameof(padding), $"{GetType().Name}: expected padding of at most half the window {Print(kernelSize)}, got {Print(padding)}.");
        }
    }

    /// <summary>Gets the size of the window; a signal has the width alone.</summary>
    public Size2d KernelSize { get; }

    /// <summary>Gets the distance of neighboring windows.</summary>
    public Size2d Stride { get; }

    /// <summary>Gets the places around the input that windows may reach into.</summary>
    public Size2d PaddingSize { get; }

    /// <summary>Gets the distance of the values that a window takes.</summary>
    public Size2d Dilation { get; }

    /// <summary>Gets whether a last window that reaches beyond the input counts.</summary>
    public bool CeilMode { get; }

    /// <inheritdoc/>
    public override string ToString()
    {
        string text = $"{GetType().Name}({Print(KernelSize)}";
        text += Print(Stride) == Print(KernelSize) ? string.Empty : $", stride {Print(Stride)}";
        text += PaddingSize.Width == 0 && (!_image || PaddingSize.Height == 0) ? string.Empty : $", padding {Print(PaddingSize)}";
        text += Dilation.Width == 1 && (!_image || Dilation.Height == 1) ? string.Empty : $", dilation {Print(Dilation)}";
        return $"{text}{(CeilMode ? ", ceil)" : ")")}";
    }

    private protected override PoolAxis Axis(int size, bool vertical) => vertical
        ? Axis(size, KernelSize.Height, Stride.Height, PaddingSize.Height, Dilation.Height)
        : Axis(size, KernelSize.Width, Stride.Width, PaddingSize.Width, Dilation.Width);

    private PoolAxis Axis(int size, int kernel, int stride, int padding, int dilation)
    {
        int free = size + (2 * padding) - (dilation * (kernel - 1)) - 1;
        int count = free < 0 ? 0 : ((free + (CeilMode ? stride - 1 : 0)) / stride) + 1;

        // A window must begin in the input or in the padding before it, as in PyTorch.
        count -= CeilMode && (count - 1) * stride >= size + padding ? 1 : 0;
        return new PoolAxis(size, count, kernel, stride, padding, dilation);
    }

    private string Print(Size2d size) => _image ? size.ToString() : $"{size.Width}";

    private Size2d Check(Size2d size, int least, string name) => size.Width >= least && (!_image || size.Height >= least)
        ? size
        : throw new ArgumentOutOfRangeException(name, $"{GetType().Name}: expected {name} of at least {least}, got {Print(size)}.");
}
