namespace Pondus.Kernels;

/// <summary>The cell of a recurrent layer.</summary>
internal enum RecurrentKind
{
    /// <summary>One gate, h = tanh(a).</summary>
    Tanh,

    /// <summary>One gate, h = max(a, 0).</summary>
    Relu,

    /// <summary>Four gates and a cell state.</summary>
    Lstm,

    /// <summary>Three gates, one of them in two parts.</summary>
    Gru,
}
