using System.Numerics;

namespace Pondus.Onnx;

/// <summary>Code for numbers of any type; see <see cref="OnnxElements"/>.</summary>
/// <typeparam name="TResult">What it gives.</typeparam>
internal interface IOnnxNumberVisitor<out TResult>
{
    TResult Visit<T>()
        where T : unmanaged, INumber<T>, IMinMaxValue<T>;
}
