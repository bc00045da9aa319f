namespace Pondus.Formats.Onnx;

/// <summary>A tensor of which only some elements are kept.</summary>
/// <param name="Values">The elements; its name is the tensor's.</param>
/// <param name="Indices">Their places: flat ones, or a row of coordinates each.</param>
/// <param name="Dims">Sizes of the whole, outermost first.</param>
public sealed record OnnxSparseTensor(OnnxTensor Values, OnnxTensor Indices, long[] Dims);
