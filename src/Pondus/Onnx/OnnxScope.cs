namespace Pondus.Onnx;

/// <summary>The values of a graph that is being run.</summary>
internal sealed class OnnxScope(OnnxPlan plan, OnnxScope? outer)
{
    private readonly Dictionary<string, OnnxValue> _values = new(StringComparer.Ordinal);

    public OnnxPlan Plan { get; } = plan;

    public OnnxValue? Find(string name)
    {
        for (OnnxScope? scope = this; scope is not null; scope = scope.Outer)
        {
            if (scope._values.TryGetValue(name, out OnnxValue? value) || scope.Plan.Given.TryGetValue(name, out value))
            {
                return value;
            }
        }

        return null;
    }

    public void Set(string name, OnnxValue value) => _values[name] = value;

    public void Forget(string name) => _values.Remove(name);

    private OnnxScope? Outer { get; } = outer;
}
