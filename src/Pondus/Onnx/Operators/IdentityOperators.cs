namespace Pondus.Onnx.Operators;

/// <summary>Operators that hand on what they get.</summary>
internal static class IdentityOperators
{
    internal static void Register(OnnxOperators table)
    {
        table.Add("Identity", static call => [call.Input(0)]);
    }
}
