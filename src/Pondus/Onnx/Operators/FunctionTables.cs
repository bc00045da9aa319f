namespace Pondus.Onnx.Operators;

/// <summary>Runs functions of one operand: on float32 the engine's, elsewhere the function of double.</summary>
internal static class FunctionTables
{
    public static OnnxValue Map(OnnxValue x, Func<Tensor, Tensor>? engine, Func<double, double> function) => engine is not null && EngineValues.Takes(x)
        ? OnnxValue.Of(engine(x.AsTensor()))
        : Elements.OfDoubles(x.Type, Array.ConvertAll(Elements.Doubles(x), value => function(value)), x.Shape);

    public static void Add(OnnxOperators table, string type, Func<Tensor, Tensor>? engine, Func<double, double> function) =>
        table.AddWidened(type, call => [Map(call.Input(0), engine, function)]);
}
