using Pondus.Kernels;

namespace Pondus.Layers;

/// <summary>What the layers that add places around images or signals share.</summary>
public abstract class PaddingLayer : Resampling
{
    private readonly bool _image;
    private readonly PadFill _fill;

    private protected PaddingLayer(bool image, PadSize size, PadFill fill, float value = 0f)
        : base(image, value)
    {
        _image = image;
        _fill = fill;
        PadSize = size;
    }

    /// <summary>Gets how many places are added on each side.</summary>
    public PadSize PadSize { get; }

    /// <inheritdoc/>
    public override string ToString() => $"{GetType().Name}({Sides})";

    /// <summary>Gets the sides as they are printed: one number where all are equal.</summary>
    private protected string Sides => PadSize.Left == PadSize.Right && (!_image || (PadSize.Top == PadSize.Left && PadSize.Bottom == PadSize.Left))
        ? $"{PadSize.Left}"
        : $"{PadSize.Left}, {PadSize.Right}{(_image ? $", {PadSize.Top}, {PadSize.Bottom}" : string.Empty)}";

    private protected override ResampleAxis? Axis(int size, bool vertical)
    {
        int before = vertical ? PadSize.Top : PadSize.Left, after = vertical ? PadSize.Bottom : PadSize.Right;
        int output = size + before + after, most = _fill == PadFill.Reflection ? size - 1 : size == 0 && _fill != PadFill.Constant ? 0 : int.MaxValue;
        if (output < 1 || before > most || after > most)
        {
            return null;
        }

        ResampleAxis axis = new(size, output, 1);
        for (int i = 0; i < output; i++)
        {
            int place = i - before;
            axis.Weights[i] = 1f;
            axis.Places[i] = _fill switch
            {
                PadFill.Reflection => place < 0 ? -place : place >= size ? (2 * (size - 1)) - place : place,
                PadFill.Replication => Math.Clamp(place, 0, size - 1),
                _ => place < size ? place : -1,
            };
        }

        return axis;
    }
}
