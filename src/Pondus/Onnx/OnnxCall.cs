using Pondus.Formats.Onnx;

namespace Pondus.Onnx;

/// <summary>What an operator gets: its inputs, its settings, and the means to run the graphs among them.</summary>
public sealed class OnnxCall
{
    private readonly OnnxValue?[] _inputs;
    private readonly Func<OnnxGraph, IReadOnlyList<OnnxValue>, OnnxValue[]>? _run;
    private readonly OnnxNodeState _state;

    internal OnnxCall(
        OnnxNode node, long opset, OnnxValue?[] inputs, Func<OnnxGraph, IReadOnlyList<OnnxValue>, OnnxValue[]>? run = null, OnnxNodeState? state = null, ReluWish? relu = null)
    {
        Relu = relu;
        Node = node;
        Opset = opset;
        _inputs = inputs;
        _run = run;
        _state = state ?? new OnnxNodeState();
    }

    /// <summary>Gets the node.</summary>
    public OnnxNode Node { get; }

    /// <summary>Gets the version of the operator's set that the graph was written for.</summary>
    public long Opset { get; }

    /// <summary>Gets the inputs; null for one that is left out.</summary>
    public IReadOnlyList<OnnxValue?> Inputs => _inputs;

    /// <summary>Gets the number of outputs that the node names.</summary>
    public int OutputCount => Node.Outputs.Count;

    /// <summary>Gives an input that must be there.</summary>
    /// <param name="index">Its place.</param>
    /// <returns>The input.</returns>
    /// <exception cref="OnnxException">It is left out.</exception>
    public OnnxValue Input(int index) => Optional(index) ?? throw Error($"expected input {index}, got none.");

    /// <summary>Gives an input that may be left out.</summary>
    /// <param name="index">Its place.</param>
    /// <returns>The input, or null.</returns>
    public OnnxValue? Optional(int index) => index < _inputs.Length ? _inputs[index] : null;

    /// <summary>Says whether somebody wants an output.</summary>
    /// <param name="index">Its place.</param>
    /// <returns>True if so.</returns>
    public bool Wants(int index) => index < Node.Outputs.Count && Node.Outputs[index].Length > 0;

    /// <summary>Says whether the node has a setting.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>True if so.</returns>
    public bool Has(string name) => Node.Find(name) is not null;

    /// <summary>Gives an integer setting.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="missing">Its value when it is left out.</param>
    /// <returns>The integer.</returns>
    public long Int(string name, long missing) => Node.Find(name)?.Int ?? missing;

    /// <summary>Gives a setting that is a float.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="missing">Its value when it is left out.</param>
    /// <returns>The float.</returns>
    public float Float(string name, float missing) => Node.Find(name)?.Float ?? missing;

    /// <summary>Gives a text setting.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="missing">Its value when it is left out.</param>
    /// <returns>The text.</returns>
    public string Text(string name, string missing) => Node.Find(name)?.Text ?? missing;

    /// <summary>Gives a setting of integers.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>The integers, or null when it is left out.</returns>
    public long[]? Ints(string name) => Node.Find(name)?.Ints;

    /// <summary>Gives a setting of floats.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>The floats, or null when it is left out.</returns>
    public float[]? Floats(string name) => Node.Find(name)?.Floats;

    /// <summary>Gives a setting of texts.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>The texts, or null when it is left out.</returns>
    public string[]? Texts(string name) => Node.Find(name) is { } attribute ? Array.ConvertAll(attribute.Strings, System.Text.Encoding.UTF8.GetString) : null;

    /// <summary>Gives a setting that is a tensor; it is read once.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>The tensor, or null when it is left out.</returns>
    public OnnxValue? TensorOf(string name) => Node.Find(name)?.Tensor is { } tensor ? _state.Get($"tensor {name}", () => OnnxTensorReader.Read(tensor)) : null;

    /// <summary>Gives a setting that is a graph and must be there.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>The graph.</returns>
    /// <exception cref="OnnxException">It is left out.</exception>
    public OnnxGraph Graph(string name) => Node.Find(name)?.Graph ?? throw Error($"expected a graph '{name}', got none.");

    /// <summary>Runs a graph among the settings; it sees the values of the graphs around it.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="inputs">Its inputs.</param>
    /// <returns>Its outputs.</returns>
    public OnnxValue[] Run(OnnxGraph graph, IReadOnlyList<OnnxValue> inputs) =>
        (_run ?? throw Error("expected a network around the operator, got none."))(graph, inputs);

    /// <summary>Makes an error that names the node and the operator.</summary>
    /// <param name="message">What was expected and what was found.</param>
    /// <returns>The error, to be thrown.</returns>
    public OnnxException Error(string message) => new($"{Node}: {message}");

    /// <summary>Gets the wish for a ReLU behind the first output, if there is one.</summary>
    internal ReluWish? Relu { get; }

    /// <summary>The same call with other inputs.</summary>
    internal OnnxCall With(OnnxValue?[] inputs) => new(Node, Opset, inputs, _run, _state, Relu);

    /// <summary>Keeps something with the node between runs, such as packed weights; it is made at the first call.</summary>
    internal T Cached<T>(string key, Func<T> make)
        where T : class => _state.Get(key, make);
}
