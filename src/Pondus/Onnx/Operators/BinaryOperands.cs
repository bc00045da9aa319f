using Pondus.Formats.Onnx;

namespace Pondus.Onnx.Operators;

/// <summary>The two operands of an elementwise operator.</summary>
internal static class BinaryOperands
{
    /// <summary>Before opset 7 the second operand is repeated only if asked, from an axis that may be given.</summary>
    public static (OnnxValue A, OnnxValue B) Of(OnnxCall call)
    {
        OnnxValue a = call.Input(0), b = call.Input(1);
        if (a.Type != b.Type && call.Node.OpType != "Pow")
        {
            throw call.Error($"expected operands of one type, got {a} and {b}.");
        }

        if (call.Opset >= 7 || call.Int("broadcast", 0) == 0 || !call.Has("axis"))
        {
            return (a, b);
        }

        int axis = call.Axis(call.Int("axis", 0), a.Rank), behind = a.Rank - axis - b.Rank;
        return behind < 0
            ? throw call.Error($"expected the second operand within axes {axis} to {a.Rank - 1} of {a}, got {b}.")
            : (a, b.Reshaped([.. b.Shape, .. Enumerable.Repeat(1, behind)]));
    }
}
