using Pondus.Formats.Onnx;

namespace Pondus.Onnx.Operators;

/// <summary>When the engine computes: on float32, with elements, of at most 8 axes. It is fast there, and gradients flow.</summary>
internal static class EngineValues
{
    /// <summary>Gets whether the pass is recorded, so that gradients must flow.</summary>
    public static bool IsRecording => Tape.Current is { Recording: true };

    public static bool Takes(params ReadOnlySpan<OnnxValue?> values)
    {
        foreach (OnnxValue? value in values)
        {
            if (value is null || value.Type != OnnxType.Float || value.Count == 0 || value.Rank > Shape.MaxRank)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Picks elements by their places; where -1 stands there is zero. Gradients flow when they are wanted.</summary>
    public static OnnxValue Pick(OnnxValue source, int[] shape, int[] from)
    {
        if (!IsRecording || !source.HasTensor || !Takes(source) || from.Length == 0 || shape.Length > Shape.MaxRank)
        {
            return Movement.Pick(source, shape, from);
        }

        Tensor column = source.AsTensor().Reshape([source.Count, 1]);
        if (Array.IndexOf(from, -1) < 0)
        {
            return OnnxValue.Of(column.SelectRows(from).Reshape(new Shape(shape)));
        }

        Tensor mask = Tensor.Of(Array.ConvertAll(from, static place => place < 0 ? 0f : 1f), new Shape(shape));
        return OnnxValue.Of(column.SelectRows(Array.ConvertAll(from, static place => Math.Max(place, 0))).Reshape(new Shape(shape)) * mask);
    }

    /// <summary>Takes indices along an axis.</summary>
    public static OnnxValue PickAlong(OnnxValue source, int axis, ReadOnlySpan<int> indices)
    {
        int size = source.Shape[axis], inner = Movement.Inner(source.Shape, axis), outer = Movement.Count(source.Shape.AsSpan(0, axis));
        int[] shape = [.. source.Shape];
        shape[axis] = indices.Length;
        if (Takes(source) && indices.Length > 0)
        {
            Tensor x = source.AsTensor().Reshape([outer, size, inner]);
            Tensor rows = outer == 1
                ? x.Reshape([size, inner]).SelectRows(indices)
                : x.Permute(1, 0, 2).SelectRows(indices).Permute(1, 0, 2);
            return OnnxValue.Of(rows.Reshape(new Shape(shape)));
        }

        int[] from = new int[OnnxStorage.Count(shape)];
        for (int i = 0; i < from.Length; i++)
        {
            int row = i / inner;
            from[i] = ((((row / indices.Length) * size) + indices[row % indices.Length]) * inner) + (i % inner);
        }

        return Movement.Pick(source, shape, from);
    }
}
