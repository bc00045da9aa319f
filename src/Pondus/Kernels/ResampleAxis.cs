namespace Pondus.Kernels;

/// <summary>Which places of an axis a resized or padded one is made of: for each place of the output as many inputs and weights as there are taps.</summary>
/// <param name="input">Size of the input.</param>
/// <param name="output">Size of the output.</param>
/// <param name="taps">Inputs of one output.</param>
internal sealed class ResampleAxis(int input, int output, int taps)
{
    /// <summary>Gets the size of the input.</summary>
    public int Input { get; } = input;

    /// <summary>Gets the size of the output.</summary>
    public int Output { get; } = output;

    /// <summary>Gets the number of inputs of one output.</summary>
    public int Taps { get; } = taps;

    /// <summary>Gets the places of the inputs; below 0 stands for a constant outside.</summary>
    public int[] Places { get; } = new int[output * taps];

    /// <summary>Gets the weights of the inputs.</summary>
    public float[] Weights { get; } = new float[output * taps];
}
