using Pondus.Onnx.Operators;

namespace Pondus.Onnx;

/// <summary>The operators that are known, by domain and name.</summary>
/// <remarks>
/// <para>An operator of your own is one function, given to <see cref="Add(string, string, OnnxOperator)"/>; it may replace a built-in one.</para>
/// <para>Versions are the operator's business: <see cref="OnnxCall.Opset"/> says which one the graph was written for.</para>
/// </remarks>
public sealed class OnnxOperators
{
    // One family of operators a line.
    private static readonly Action<OnnxOperators>[] s_families =
    [
        ActivationOperators.Register,
        ArithmeticOperators.Register,
        AttentionOperators.Register,
        BoxOperators.Register,
        CastOperators.Register,
        CompareOperators.Register,
        ConstantOperators.Register,
        ControlOperators.Register,
        ConvolutionOperators.Register,
        DynamicLstm.Register,
        EinsumOperators.Register,
        FunctionOperators.Register,
        GradientOperators.Register,
        IdentityOperators.Register,
        IntegerOperators.Register,
        LogicOperators.Register,
        LossOperators.Register,
        MachineLearningOperators.Register,
        MathOperators.Register,
        MicrosoftAttention.Register,
        MicrosoftOperators.Register,
        NormOperators.Register,
        NormalizationOperators.Register,
        PadOperators.Register,
        PartOperators.Register,
        PoolOperators.Register,
        ProductOperators.Register,
        QLinearOperators.Register,
        QuantizeOperators.Register,
        RandomOperators.Register,
        RearrangeOperators.Register,
        RecurrentOperators.Register,
        ReduceOperators.Register,
        ResizeOperators.Register,
        SamplingOperators.Register,
        ScatterOperators.Register,
        SelectOperators.Register,
        SequenceOperators.Register,
        ShapeOperators.Register,
        SignalOperators.Register,
        TextOperators.Register,
        TrainingOperators.Register,
        WindowOperators.Register,
    ];

    private readonly Dictionary<(string Domain, string Type), OnnxOperator> _operators = [];
    private readonly HashSet<(string Domain, string Type)> _own = [];
    private readonly bool _isBuilt;

    /// <summary>Makes a table with all built-in operators.</summary>
    public OnnxOperators()
    {
        foreach (Action<OnnxOperators> family in s_families)
        {
            family(this);
        }

        _isBuilt = true;
    }

    /// <summary>Gets the names of all operators with their domains, sorted.</summary>
    public IReadOnlyList<(string Domain, string Type)> Known => [.. _operators.Keys.OrderBy(static key => key.Domain, StringComparer.Ordinal).ThenBy(static key => key.Type, StringComparer.Ordinal)];

    /// <summary>Makes an operator known.</summary>
    /// <param name="domain">Its domain; empty for ONNX's own.</param>
    /// <param name="type">Its name, such as <c>Conv</c>.</param>
    /// <param name="operation">What it does.</param>
    public void Add(string domain, string type, OnnxOperator operation)
    {
        ArgumentNullException.ThrowIfNull(domain);
        ArgumentException.ThrowIfNullOrEmpty(type);
        ArgumentNullException.ThrowIfNull(operation);
        _operators[(Canonical(domain), type)] = operation;
        if (_isBuilt)
        {
            _own.Add((Canonical(domain), type));
        }
    }

    /// <summary>Finds an operator.</summary>
    /// <param name="domain">Its domain.</param>
    /// <param name="type">Its name.</param>
    /// <returns>The operator, or null.</returns>
    public OnnxOperator? Find(string domain, string type) => _operators.GetValueOrDefault((Canonical(domain), type));

    /// <summary>Says whether an operator was added to the built-in ones: it may give another result at each run.</summary>
    internal bool IsOwn(string domain, string type) => _own.Contains((Canonical(domain), type));

    /// <summary>ONNX's own domain has two names.</summary>
    internal static string Canonical(string domain) => domain is "ai.onnx" ? string.Empty : domain;

    /// <summary>Makes an operator of ONNX's own domain known that takes every element type as it is.</summary>
    internal void Add(string type, OnnxOperator operation) => Add(string.Empty, type, operation);

    /// <summary>Makes an operator of ONNX's own domain known that computes with float32 what is float16 or bfloat16:
    /// such inputs are widened, and its float32 outputs rounded to the type of the first floating input.</summary>
    internal void AddWidened(string type, OnnxOperator operation) => Add(string.Empty, type, OnnxWidening.Wrap(operation));

    /// <summary>As <see cref="AddWidened"/>, and float64 is computed in float32 too: for operators of networks, which hardly any graph wants in float64.</summary>
    internal void AddSingle(string type, OnnxOperator operation) => Add(string.Empty, type, OnnxWidening.Wrap(operation, withDouble: true));
}
