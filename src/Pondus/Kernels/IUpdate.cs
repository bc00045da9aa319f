namespace Pondus.Kernels;

/// <summary>How an optimizer moves one weight, given its gradient and up to three numbers of state.</summary>
internal interface IUpdate
{
    /// <summary>Gives the new weight, and replaces the state.</summary>
    TV Step<TV>(TV w, TV g, ref TV a, ref TV b, ref TV c)
        where TV : struct, IVector<TV>;
}
