namespace Pondus.Onnx;

/// <summary>Code for elements of any type, such as that which moves them; see <see cref="OnnxElements"/>.</summary>
/// <typeparam name="TResult">What it gives.</typeparam>
internal interface IOnnxElementVisitor<out TResult>
{
    TResult Visit<T>();
}
