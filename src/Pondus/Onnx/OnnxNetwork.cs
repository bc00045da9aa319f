using System.Collections.Frozen;
using Pondus.Formats.Onnx;
using Pondus.Onnx.Operators;

namespace Pondus.Onnx;

/// <summary>An ONNX graph as a module: it runs, and its float32 initializers are parameters that train.</summary>
/// <remarks>
/// <para>Parameters have the initializers' names. What training must not move (running statistics, scales of a resizing, single numbers) are buffers.</para>
/// <para>Inside a training step the pass is recorded; elsewhere nothing is, and any number of threads may run one network.</para>
/// <para>The graph's mode is its own: a batch normalization exported for evaluation uses its running statistics in training too.</para>
/// </remarks>
/// <example><code>
/// OnnxNetwork network = OnnxNetwork.Load("model.onnx");
/// IReadOnlyDictionary&lt;string, OnnxValue&gt; outputs = network.Run(new Dictionary&lt;string, OnnxValue&gt;
/// {
///     ["x"] = OnnxValue.Of(new float[12], 3, 4),
/// });
/// </code></example>
public sealed class OnnxNetwork : Layer
{
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly OnnxPlan _plan;

    private OnnxNetwork(OnnxModel model, OnnxOperators operators)
    {
        Model = model;
        OnnxModel read = OnnxConstants.Read(model);
        OnnxInliner inliner = new(read);
        OnnxGraph graph = GradientOperators.Prepare(inliner.Inline(read.Graph));
        OnnxUnknownOperators.Refuse(graph, model.Opsets, inliner.Opsets, operators);
        OnnxTensors tensors = new(inliner.Opsets);
        AddWeights(graph, string.Empty, tensors);
        _plan = new OnnxPlan(graph, model.Opsets, operators, tensors);
        FrozenSet<string> given = graph.Initializers.Select(static tensor => tensor.Name).ToFrozenSet(StringComparer.Ordinal);
        Inputs = [.. graph.Inputs.Where(input => !given.Contains(input.Name))];
        Outputs = graph.Outputs;
    }

    /// <summary>Gets what the file says; its tensors were read into the network, and the file is closed.</summary>
    public OnnxModel Model { get; }

    /// <summary>Gets the inputs that a run must give.</summary>
    public IReadOnlyList<OnnxValueInfo> Inputs { get; }

    /// <summary>Gets the outputs.</summary>
    public IReadOnlyList<OnnxValueInfo> Outputs { get; }

    /// <summary>Loads a graph and its weights.</summary>
    /// <param name="path">The ONNX file.</param>
    /// <param name="operators">The operators; null for the built-in ones.</param>
    /// <returns>The network.</returns>
    /// <exception cref="OnnxException">Operators are unknown: all are named.</exception>
    /// <exception cref="Pondus.Formats.WeightFormatException">The file breaks a rule of its format.</exception>
    /// <exception cref="IOException">The file is missing or not readable.</exception>
    public static OnnxNetwork Load(string path, OnnxOperators? operators = null)
    {
        using OnnxFile file = OnnxFile.Open(path);
        try
        {
            return new OnnxNetwork(file.Model, operators ?? new OnnxOperators());
        }
        catch (OnnxException error)
        {
            throw new OnnxException($"{path}: {error.Message}", error);
        }
    }

    /// <summary>Runs the graph.</summary>
    /// <param name="inputs">Its inputs by name; those that have a default in the graph may be left out.</param>
    /// <returns>Its outputs by name.</returns>
    /// <exception cref="OnnxException">An input is missing, unknown or of another type, or an operator cannot take what it gets.</exception>
    public IReadOnlyDictionary<string, OnnxValue> Run(IReadOnlyDictionary<string, OnnxValue> inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        OnnxArguments.Check(_plan.Graph, Inputs, inputs);
        OnnxValue[] values = Pondus.Step.IsOpen
            ? Execute(inputs)
            : Inference.Run((Network: this, Inputs: inputs), static state => Array.ConvertAll(state.Network.Execute(state.Inputs), static value => value.Settled()));
        Dictionary<string, OnnxValue> outputs = new(StringComparer.Ordinal);
        for (int i = 0; i < values.Length; i++)
        {
            outputs[Outputs[i].Name] = values[i];
        }

        return outputs;
    }

    /// <summary>Computes the first output of a graph with one input.</summary>
    /// <param name="x">The input.</param>
    /// <returns>The output, as a tensor of the open step or inference scope.</returns>
    /// <exception cref="OnnxException">The graph has several inputs, or its first output is not float32.</exception>
    public override Tensor Forward(Tensor x)
    {
        if (Inputs.Count != 1 || Outputs.Count == 0)
        {
            throw new OnnxException($"OnnxNetwork: expected a graph with one input and an output, got {Inputs.Count} and {Outputs.Count}. Call Run with names.");
        }

        Dictionary<string, OnnxValue> inputs = new(StringComparer.Ordinal) { [Inputs[0].Name] = OnnxValue.Of(x) };
        OnnxArguments.Check(_plan.Graph, Inputs, inputs);
        return Execute(inputs)[0].AsTensor();
    }

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input)
    {
        Shape batch = [1, .. input];
        Shape output = Inference.Run((Network: this, Batch: batch), static state => state.Network.Forward(Tensor.Zeros(state.Batch)).Shape);
        return output.Rank == 0 ? output : output.Without(0);
    }

    /// <summary>Prints producer, operators and sizes.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => $"OnnxNetwork({string.Join(", ", Inputs)} -> {string.Join(", ", Outputs)}, {_plan.Nodes.Length} nodes)";

    private OnnxValue[] Execute(IReadOnlyDictionary<string, OnnxValue> inputs)
    {
        OnnxScope scope = new(_plan, null);
        foreach ((string name, OnnxValue value) in inputs)
        {
            scope.Set(name, value);
        }

        return OnnxRunner.Run(scope);
    }

    private void AddWeights(OnnxGraph graph, string place, OnnxTensors tensors)
    {
        HashSet<string> fixedNames = OnnxConstants.NotTrained(graph);
        foreach (OnnxTensor tensor in graph.Initializers)
        {
            tensors.Add(tensor, Weight(tensor, place, isFixed: fixedNames.Contains(tensor.Name)));
        }

        foreach (OnnxNode node in graph.Nodes)
        {
            foreach (OnnxGraph inner in OnnxPlan.Graphs(node))
            {
                AddWeights(inner, $"{place}{node.OpType}.", tensors);
            }
        }
    }

    private OnnxValue Weight(OnnxTensor tensor, string place, bool isFixed)
    {
        if (tensor is not { Type: OnnxType.Float, Dims.Length: <= Shape.MaxRank, Count: > 0 and <= int.MaxValue, Entry: { } entry } || tensor.Name.Length == 0)
        {
            return OnnxTensorReader.Read(tensor);
        }

        Shape shape = new(Array.ConvertAll(tensor.Dims, static size => (int)size));
        string name = Free(tensor.Name, place);
        Parameter weight = isFixed || shape.Rank == 0 ? AddBuffer(name, shape, 0f) : AddParameter(name, shape, 0f);
        entry.ReadSingle(weight.Writable());
        weight.MarkChanged();
        return OnnxValue.Of(weight);
    }

    // Branches of a graph may use one name for different tensors.
    private string Free(string name, string place)
    {
        string free = name;
        for (int i = 0; !_names.Add(free); i++)
        {
            free = i == 0 ? place + name : $"{place}{name}.{i}";
        }

        return free;
    }
}
