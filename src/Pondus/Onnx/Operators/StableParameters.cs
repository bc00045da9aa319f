using Pondus.Formats.Onnx;

namespace Pondus.Onnx.Operators;

/// <summary>Weights as the engine's layers want them: parameters. A constant that is none becomes one at its first use.</summary>
internal static class StableParameters
{
    /// <summary>Gives the parameter of an input; null for one that changes from run to run.</summary>
    public static Parameter? Of(OnnxCall call, int index)
    {
        if (call.Optional(index) is not { } value || !EngineValues.Takes(value))
        {
            return null;
        }

        if (value.Parameter is { } own)
        {
            return own;
        }

        // A tensor may belong to a pass, and be another at the next.
        if (value.HasTensor && !value.HasData)
        {
            return null;
        }

        Slot slot = call.Cached($"parameter {index}", () => new Slot(value, Make(value)));
        return ReferenceEquals(slot.Source, value) ? slot.Parameter : null;
    }

    private static Parameter Make(OnnxValue value)
    {
        Parameter parameter = new("constant", new Shape(value.Shape)) { RequiresGradient = false };
        parameter.Set(value.Floats());
        return parameter;
    }

    private sealed record Slot(OnnxValue Source, Parameter Parameter);
}
