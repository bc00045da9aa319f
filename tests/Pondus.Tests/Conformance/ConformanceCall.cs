using System.Text.Json;

namespace Pondus.Tests.Conformance;

/// <summary>The arguments of one sample. An argument that no adapter reads is an option that is not supported, unless it is None.</summary>
public sealed class ConformanceCall
{
    private readonly ConformanceValue[] _arguments;
    private readonly Dictionary<string, ConformanceValue> _named;
    private readonly HashSet<object> _read = [];

    /// <summary>Reads positional and named arguments; tensors become leaves of the open step.</summary>
    public ConformanceCall(JsonElement arguments, JsonElement named, string variant = "", bool isWrong = false)
    {
        IsWrong = isWrong;
        _arguments = arguments.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined ? [] : [.. arguments.EnumerateArray().Select(value => new ConformanceValue(value, Leaves))];
        _named = named.ValueKind == JsonValueKind.Undefined ? [] : named.EnumerateObject().ToDictionary(static p => p.Name, p => new ConformanceValue(p.Value, Leaves), StringComparer.Ordinal);
        Variant = variant;
    }

    /// <summary>The floating tensors, in the order of PyTorch's gradients.</summary>
    public List<Tensor> Leaves { get; } = [];

    /// <summary>Parameters that stand for leaves, by the leaf's place among <see cref="Leaves"/>.</summary>
    public Dictionary<int, Parameter> Parameters { get; } = [];

    /// <summary>Leaves whose gradients are not compared.</summary>
    public HashSet<int> Uncompared { get; } = [];

    /// <summary>What is not compared, for the table.</summary>
    public string? Note { get; private set; }

    /// <summary>The operator's variant in op_db.</summary>
    public string Variant { get; }

    /// <summary>Whether PyTorch refuses this call.</summary>
    public bool IsWrong { get; }

    /// <summary>Outputs beside the first, in PyTorch's order.</summary>
    public List<Tensor> MoreOutputs { get; } = [];

    /// <summary>The number of positional arguments.</summary>
    public int Count => _arguments.Length;

    /// <summary>An argument by place or name; null when it is absent or None.</summary>
    public ConformanceValue? Find(int place, string name)
    {
        if (place >= 0 && place < _arguments.Length)
        {
            _read.Add(place);
            return _arguments[place].IsNull ? null : _arguments[place];
        }

        _read.Add(name);
        return _named.TryGetValue(name, out ConformanceValue? value) && !value.IsNull ? value : null;
    }

    /// <summary>An argument that must be there.</summary>
    public ConformanceValue this[int place] => Find(place, "") ?? throw new UnsupportedSampleException($"argument {place} is None");

    /// <summary>A floating tensor by place.</summary>
    public Tensor Tensor(int place) => this[place].Tensor;

    /// <summary>A floating tensor by place or name, or null.</summary>
    public Tensor? TensorOrNull(int place, string name) => Find(place, name)?.Tensor;

    /// <summary>A number by place or name, or the usual one.</summary>
    public double Number(int place, string name, double usual) => Find(place, name)?.Number ?? usual;

    /// <summary>A whole number by place or name, or the usual one.</summary>
    public int Integer(int place, string name, int usual) => Find(place, name)?.Integer ?? usual;

    /// <summary>An axis of the first argument by place or name; here a tensor without axes has none to name.</summary>
    public int Axis(int place, string name, int usual) => !IsWrong && Tensor(0).Rank == 0
        ? throw new UnsupportedSampleException("an axis of a tensor without axes")
        : Integer(place, name, usual);

    /// <summary>A truth value by place or name, or the usual one.</summary>
    public bool Boolean(int place, string name, bool usual) => Find(place, name)?.Boolean ?? usual;

    /// <summary>A text by place or name, or the usual one.</summary>
    public string Text(int place, string name, string usual) => Find(place, name)?.Text ?? usual;

    /// <summary>Whole numbers by place or name, one for all of count axes; null when absent.</summary>
    public int[]? Integers(int place, string name, int? count = null) => Find(place, name)?.Integers(count);

    /// <summary>Gives a layer's parameter the values of a tensor argument; their gradients are compared in the argument's place.</summary>
    public void Give(Parameter? parameter, int place, string name)
    {
        if (parameter is null || Find(place, name) is not { } value)
        {
            return;
        }

        Tensor tensor = value.Tensor;
        if (tensor.Shape != parameter.Shape)
        {
            throw new ShapeException($"expected {name} of shape {parameter.Shape}, got {tensor.Shape}");
        }

        parameter.Set(tensor.Values);
        Parameters.Add(Leaves.FindIndex(leaf => ReferenceEquals(leaf.UseAny(), tensor.UseAny())), parameter);
    }

    /// <summary>A tensor whose gradient Pondus does not offer, such as a loss's target: its own gradient is not compared, and the table says so.</summary>
    public Tensor Constant(int place, string name)
    {
        Tensor tensor = (Find(place, name) ?? throw new UnsupportedSampleException($"no {name}")).Tensor;
        Uncompared.Add(Leaves.FindIndex(leaf => ReferenceEquals(leaf.UseAny(), tensor.UseAny())));
        Note = $"no gradient of {name}";
        return tensor.StopGradient();
    }

    /// <summary>Whole numbers of a tensor of labels.</summary>
    public int[] Labels(int place, string name) => Find(place, name) switch
    {
        { Array: { Kind: "int" } array } => array.Integers,

        // Only the number of labels is wrong.
        { Array: { } array } when IsWrong => new int[array.Values.Length],
        _ => throw new UnsupportedSampleException($"{name} that are no whole numbers"),
    };

    /// <summary>The values of a tensor that is a setting, such as class weights; empty when absent.</summary>
    public float[] Setting(int place, string name)
    {
        if (Find(place, name) is not { } value)
        {
            return [];
        }

        if (value.Leaf is { } leaf)
        {
            Uncompared.Add(Leaves.FindIndex(other => ReferenceEquals(other.UseAny(), leaf.UseAny())));
        }

        return value.Array?.Singles ?? throw new UnsupportedSampleException($"{name} that is no tensor");
    }

    /// <summary>Reads an option without effect on the numbers here.</summary>
    public void Ignore(string name) => _read.Add(name);

    /// <summary>Refuses the sample if an argument was not read.</summary>
    public void CheckAllRead()
    {
        for (int i = 0; i < _arguments.Length; i++)
        {
            if (!_read.Contains(i) && !_arguments[i].IsNull)
            {
                throw new UnsupportedSampleException($"argument {i}");
            }
        }

        foreach ((string name, ConformanceValue value) in _named)
        {
            if (!_read.Contains(name) && !value.IsNull)
            {
                throw new UnsupportedSampleException(name);
            }
        }
    }
}
