namespace Pondus.Kernels;

/// <summary>The arithmetic of a recurrent cell behind its matrix products, for a few units of one sample.</summary>
internal unsafe interface IRecurrentCell
{
    /// <summary>Turns sums into gates, in place, and gives the new hidden state.</summary>
    /// <param name="gates">The sample's sums at the first of the units.</param>
    /// <param name="width">Hidden units: how far the gates of one unit lie apart.</param>
    /// <param name="count">Units, at most a vector.</param>
    /// <param name="hidden">The hidden state before.</param>
    /// <param name="cellBefore">The cell state before.</param>
    /// <param name="cellAfter">Receives the cell state.</param>
    static abstract TV Forward<TV>(float* gates, nint width, nint count, TV hidden, float* cellBefore, float* cellAfter)
        where TV : struct, IVector<TV>;

    /// <summary>Turns gates into the gradients of their sums, in place, and gives the part of the gradient that reaches the hidden state before directly.</summary>
    /// <param name="gates">The sample's gates at the first of the units.</param>
    /// <param name="width">Hidden units: how far the gates of one unit lie apart.</param>
    /// <param name="count">Units, at most a vector.</param>
    /// <param name="hidden">The hidden state before.</param>
    /// <param name="cellBefore">The cell state before.</param>
    /// <param name="cellAfter">The cell state after.</param>
    /// <param name="d">The gradient of the new hidden state.</param>
    /// <param name="dCell">The gradient of the cell state after; receives that of the one before.</param>
    static abstract TV Backward<TV>(float* gates, nint width, nint count, TV hidden, float* cellBefore, float* cellAfter, TV d, float* dCell)
        where TV : struct, IVector<TV>;
}
