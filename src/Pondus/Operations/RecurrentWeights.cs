using Pondus.Kernels;

namespace Pondus;

/// <summary>The parameters of one direction of one recurrent layer, and their layout for prediction.</summary>
/// <param name="kind">The cell.</param>
/// <param name="inputWeight">(gates, in).</param>
/// <param name="hiddenWeight">(gates, hidden).</param>
/// <param name="inputBias">(gates), or null.</param>
/// <param name="hiddenBias">(gates), or null.</param>
internal sealed unsafe class RecurrentWeights(RecurrentKind kind, Parameter inputWeight, Parameter hiddenWeight, Parameter? inputBias, Parameter? hiddenBias)
{
    private Panels? _panels;

    /// <summary>Weights of an Elman cell.</summary>
    public static RecurrentWeights Tanh(Parameter inputWeight, Parameter hiddenWeight, Parameter? inputBias, Parameter? hiddenBias) =>
        new(RecurrentKind.Tanh, inputWeight, hiddenWeight, inputBias, hiddenBias);

    /// <summary>Weights of an Elman cell that rectifies.</summary>
    public static RecurrentWeights Relu(Parameter inputWeight, Parameter hiddenWeight, Parameter? inputBias, Parameter? hiddenBias) =>
        new(RecurrentKind.Relu, inputWeight, hiddenWeight, inputBias, hiddenBias);

    /// <summary>Weights of a long short-term memory.</summary>
    public static RecurrentWeights Lstm(Parameter inputWeight, Parameter hiddenWeight, Parameter? inputBias, Parameter? hiddenBias) =>
        new(RecurrentKind.Lstm, inputWeight, hiddenWeight, inputBias, hiddenBias);

    /// <summary>Weights of a gated recurrent unit.</summary>
    public static RecurrentWeights Gru(Parameter inputWeight, Parameter hiddenWeight, Parameter? inputBias, Parameter? hiddenBias) =>
        new(RecurrentKind.Gru, inputWeight, hiddenWeight, inputBias, hiddenBias);

    public RecurrentKind Kind => kind;

    public int Inputs { get; } = inputWeight.Shape[1];

    public int Hidden { get; } = hiddenWeight.Shape[1];

    public Parameter InputWeight => inputWeight;

    public Parameter HiddenWeight => hiddenWeight;

    public Parameter? InputBias => inputBias;

    public Parameter? HiddenBias => hiddenBias;

    /// <summary>Gets the sum of all versions: it changes with every write to any of them.</summary>
    public int Version => inputWeight.Node.Version + hiddenWeight.Node.Version + (inputBias?.Node.Version ?? 0) + (hiddenBias?.Node.Version ?? 0);

    /// <summary>Gets a parameter whose gradient is wanted, if there is one.</summary>
    public Node? Wanting => inputWeight.RequiresGradient ? inputWeight.Node
        : hiddenWeight.RequiresGradient ? hiddenWeight.Node
        : inputBias is { RequiresGradient: true } ? inputBias.Node
        : hiddenBias is { RequiresGradient: true } ? hiddenBias.Node
        : null;

    /// <summary>Gives the weights in panels: laid out once when nothing is recorded, else for this step.</summary>
    /// <param name="inputs">Size of the input that is multiplied with: all of it, or 0 where a table stands for it.</param>
    /// <param name="home">Keeps the memory alive.</param>
    public float* ForwardPanels(int inputs, out object home)
    {
        if (Tape.Current is { Recording: false })
        {
            Panels? panels = Volatile.Read(ref _panels);
            if (panels is null || panels.Version != Version)
            {
                float[] array = PinnedBuffer.Allocate(RecurrentPanels.ForwardCount(kind, Inputs, Hidden), out float* start);
                Pack(inputs, start);
                panels = new Panels(Version, array, (nint)start);
                Volatile.Write(ref _panels, panels);
            }

            home = panels;
            return (float*)panels.Start;
        }

        float* packed = Tape.Scratch(RecurrentPanels.ForwardCount(kind, inputs, Hidden), out float[] scratch);
        Pack(inputs, packed);
        home = scratch;
        return packed;
    }

    /// <summary>Gives the bias of each sum: those of input and hidden state together, except where a cell keeps them apart.</summary>
    public float* Bias(out float[] home)
    {
        int width = RecurrentPart.SumsOf(kind) * Hidden;
        float* bias = Tape.Scratch(width, out home);
        for (int i = 0; i < RecurrentPart.CountOf(kind); i++)
        {
            RecurrentPart part = RecurrentPart.Of(kind, i, Hidden);
            for (int j = 0; j < part.Width; j++)
            {
                float ofInput = inputBias is null || part.InputRow < 0 ? 0 : inputBias.Node.Data[part.InputRow + j];
                float ofHidden = hiddenBias is null || part.HiddenRow < 0 ? 0 : hiddenBias.Node.Data[part.HiddenRow + j];
                bias[part.Column + j] = ofInput + ofHidden;
            }
        }

        return bias;
    }

    private void Pack(int inputs, float* panels)
    {
        RecurrentPanels.Forward(kind, inputs, Hidden, inputWeight.Node.Data, hiddenWeight.Node.Data, panels);
        GC.KeepAlive(inputWeight);
        GC.KeepAlive(hiddenWeight);
    }

    private sealed record Panels(int Version, float[] Home, nint Start);
}
