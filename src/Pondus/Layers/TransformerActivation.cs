namespace Pondus.Layers;

/// <summary>What stands between the two linear maps of a transformer's block.</summary>
public enum TransformerActivation
{
    /// <summary>ReLU.</summary>
    Relu,

    /// <summary>GELU, exact.</summary>
    Gelu,

    /// <summary>GELU by its tanh form.</summary>
    GeluTanh,
}
