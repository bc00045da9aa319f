using System.Text.Json;

namespace Pondus.Tests.Conformance;

/// <summary>One sample of a module: how it is made, its weights, and what it is called with.</summary>
internal sealed class ConformanceModule(JsonElement sample)
{
    /// <summary>The arguments of the constructor.</summary>
    public ConformanceCall Constructor { get; } = new(sample.GetProperty("constructor_args"), sample.GetProperty("constructor"));

    /// <summary>The arguments of the call.</summary>
    public ConformanceCall Call { get; } = new(sample.GetProperty("args"), sample.TryGetProperty("kwargs", out JsonElement named) ? named : default, isWrong: sample.TryGetProperty("message", out _));

    /// <summary>The module whose weights were given; null for losses.</summary>
    public Module? Made { get; private set; }

    /// <summary>Gives a module PyTorch's weights, all by name.</summary>
    public T Load<T>(T module)
        where T : Module
    {
        Made = module;
        if (!sample.TryGetProperty("state", out JsonElement state))
        {
            return module;
        }

        Dictionary<string, JsonElement> arrays = state.EnumerateObject().ToDictionary(static p => p.Name, static p => p.Value, StringComparer.Ordinal);
        foreach ((string name, Parameter parameter) in module.NamedParameters().Concat(module.NamedBuffers()))
        {
            if (!arrays.Remove(name, out JsonElement json))
            {
                throw new InvalidOperationException($"PyTorch has no '{name}'");
            }

            ConformanceArray array = ConformanceArray.Parse(json);
            if (!array.Sizes.AsSpan().SequenceEqual(parameter.Shape.ToArray()))
            {
                throw new InvalidOperationException($"'{name}' is {parameter.Shape} here and ({string.Join(", ", array.Sizes)}) there");
            }

            parameter.Set(array.Singles);
        }

        return arrays.Count == 0 ? module : throw new InvalidOperationException($"no place for {string.Join(", ", arrays.Keys)}");
    }

    /// <summary>Runs a layer on the first argument.</summary>
    public Tensor Run(Layer layer) => Load(layer).Forward(Call.Tensor(0));

    /// <summary>Refuses options that nobody read.</summary>
    public void CheckAllRead()
    {
        Constructor.CheckAllRead();
        Call.CheckAllRead();
    }

    /// <summary>Compares gradients of parameters and the buffers after the call.</summary>
    public string? CompareState()
    {
        if (Made is null)
        {
            return null;
        }

        JsonElement gradients = sample.GetProperty("parameter_gradients");
        foreach ((string name, Parameter parameter) in Made.NamedParameters())
        {
            float[] got = parameter.HasGradient ? parameter.Gradient.ToArray() : new float[parameter.Shape.Count];
            if (gradients.GetProperty(name) is { ValueKind: not JsonValueKind.Null } wanted && ConformanceArray.Parse(wanted).Difference(got, ConformanceRun.Tolerance) is { } difference)
            {
                return $"gradient of {name}: {difference}";
            }
        }

        JsonElement after = sample.GetProperty("state_after");
        foreach ((string name, Parameter buffer) in Made.NamedBuffers())
        {
            if (ConformanceArray.Parse(after.GetProperty(name)).Difference(buffer.ToArray(), ConformanceRun.Tolerance) is { } difference)
            {
                return $"{name} after the call: {difference}";
            }
        }

        return null;
    }
}
