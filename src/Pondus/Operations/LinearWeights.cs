using Pondus.Kernels;

namespace Pondus;

/// <summary>The weight and bias of a linear map, in either orientation, with the form that the kernel reads while they do not change.</summary>
internal sealed unsafe class LinearWeights(Parameter weight, Parameter? bias, bool inputsFirst = false)
{
    private PackedWeight? _packed;

    /// <summary>Gets the weight, (out, in), or (in, out).</summary>
    public Parameter Weight => weight;

    /// <summary>Gets the bias, (out), or null.</summary>
    public Parameter? Bias => bias;

    /// <summary>Gets a value indicating whether the weight is stored (in, out).</summary>
    public bool InputsFirst => inputsFirst;

    /// <summary>Gets the number of inputs.</summary>
    public int Inputs => weight.Shape[inputsFirst ? 0 : 1];

    /// <summary>Gets the number of outputs.</summary>
    public int Outputs => weight.Shape[inputsFirst ? 1 : 0];

    /// <summary>Gets or sets the map of low rank that is added to this one, or null.</summary>
    public LowRankAdapter? Adapter { get; set; }

    /// <summary>Gets the weight laid out for the kernel, made anew when it has changed.</summary>
    public PackedWeight Packed
    {
        get
        {
            PackedWeight? packed = Volatile.Read(ref _packed);
            if (packed is null || packed.Version != weight.Node.Version)
            {
                packed = new PackedWeight(weight, inputsFirst);
                Volatile.Write(ref _packed, packed);
            }

            return packed;
        }
    }

    /// <summary>Says what the map computes, in the operators of ONNX.</summary>
    public string Describe(GraphSketch sketch, string x)
    {
        string w = sketch.Of(weight);
        string y = sketch.Emit("MatMul", [x, inputsFirst ? w : sketch.Emit("Transpose", w)]);
        return bias is null ? y : sketch.Emit("Add", [y, sketch.Of(bias)]);
    }

    /// <summary>The map, onto an addend if there is one; the caller has checked the last axis.</summary>
    public Tensor Apply(Tensor x, Tensor? addend = null) => Adapter is { } adapter
        ? ProjectionOperation.Apply(x, this, null, addend is { } added ? added + adapter.Forward(x) : adapter.Forward(x))
        : ProjectionOperation.Apply(x, this, null, addend);

    /// <summary>The map with a GELU behind it, by its tanh form or exact.</summary>
    public Tensor ApplyGelu(Tensor x, bool tanh) => Apply(x, tanh ? UnaryKind.GeluTanh : UnaryKind.Gelu);

    /// <summary>The map with a ReLU behind it.</summary>
    public Tensor ApplyRelu(Tensor x) => Apply(x, UnaryKind.Relu);

    /// <summary>The map with a function behind it: ReLU or a GELU.</summary>
    public Tensor Apply(Tensor x, UnaryKind function) => Adapter is null ? ProjectionOperation.Apply(x, this, function) : function switch
    {
        UnaryKind.Relu => Apply(x).Relu(),
        UnaryKind.Gelu => Apply(x).Gelu(),
        _ => Apply(x).GeluTanh(),
    };
}
