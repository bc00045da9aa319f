namespace Pondus.Onnx.Operators;

/// <summary>A search for places, written once for all elements that can be compared; see <see cref="Elements.Order"/>.</summary>
internal interface IOrderWork
{
    int[] Run<T>(T[] x)
        where T : IComparable<T>;
}
