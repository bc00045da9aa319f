namespace Pondus;

/// <summary>Something with parameters: a layer, a network, or a part of one.</summary>
/// <remarks>
/// <para>Parameters, buffers and sub-modules are named where they are made; the names joined by dots are the keys in weights files, as PyTorch has them: <c>0.weight</c>.</para>
/// <para>A module has no mode: whether it trains or evaluates belongs to the pass, see <see cref="PassContext"/>.</para>
/// </remarks>
public abstract class Module
{
    private readonly List<Parameter> _parameters = [];
    private readonly List<Parameter> _buffers = [];
    private readonly List<(string Name, Module Module)> _children = [];

    /// <summary>Gets the sub-modules with their names, in the order they were made.</summary>
    public IReadOnlyList<(string Name, Module Module)> Children => _children;

    /// <summary>Gets the parameters of this module alone, without those of sub-modules.</summary>
    public IReadOnlyList<Parameter> OwnParameters => _parameters;

    /// <summary>Gets every parameter, each once, in the order they were made.</summary>
    public IEnumerable<Parameter> Parameters => NamedParameters().Select(static pair => pair.Parameter);

    /// <summary>Gives every parameter with its full name, each once: a tied one under its first name.</summary>
    /// <returns>Names and parameters.</returns>
    public IEnumerable<(string Name, Parameter Parameter)> NamedParameters()
    {
        HashSet<Parameter> seen = [];
        return Named(string.Empty, static module => module._parameters).Where(pair => seen.Add(pair.Parameter));
    }

    /// <summary>Gives every buffer (numbers that are saved but not trained) with its full name.</summary>
    /// <returns>Names and buffers.</returns>
    public IEnumerable<(string Name, Parameter Parameter)> NamedBuffers() => Named(string.Empty, static module => module._buffers);

    /// <summary>Gives this module and all below it with their full names; this one's is empty.</summary>
    /// <returns>Names and modules.</returns>
    public IEnumerable<(string Name, Module Module)> NamedModules() => NamedModules(string.Empty);

    /// <summary>Tells what the module is made of and how many weights it has.</summary>
    /// <returns>A summary that prints as a table.</returns>
    public ModuleSummary Summary() => ModuleSummary.Of(this);

    /// <summary>Makes and registers a parameter.</summary>
    /// <param name="name">Its name within this module.</param>
    /// <param name="shape">Sizes.</param>
    /// <param name="initializer">Its starting values.</param>
    /// <param name="random">Source of random numbers.</param>
    /// <returns>The parameter.</returns>
    protected Parameter AddParameter(string name, Shape shape, Initializer initializer, RandomSource random)
    {
        ArgumentNullException.ThrowIfNull(initializer);
        ThrowIfTaken(name);
        Parameter parameter = new(name, shape);
        initializer.Fill(parameter.Writable(), shape, random);
        _parameters.Add(parameter);
        return parameter;
    }

    /// <summary>Makes and registers a parameter whose values start equal, such as the weight of a norm.</summary>
    /// <param name="name">Its name within this module.</param>
    /// <param name="shape">Sizes.</param>
    /// <param name="value">Its starting value.</param>
    /// <returns>The parameter.</returns>
    protected Parameter AddParameter(string name, Shape shape, float value)
    {
        ThrowIfTaken(name);
        Parameter parameter = new(name, shape);
        parameter.Writable().Fill(value);
        _parameters.Add(parameter);
        return parameter;
    }

    /// <summary>Registers a parameter of another module here too: tied weights.</summary>
    /// <param name="parameter">The parameter.</param>
    protected void AddParameter(Parameter parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        ThrowIfTaken(parameter.Name);
        _parameters.Add(parameter);
    }

    /// <summary>Makes and registers a buffer: saved with the weights, not trained.</summary>
    /// <param name="name">Its name within this module.</param>
    /// <param name="shape">Sizes.</param>
    /// <param name="value">Its starting value.</param>
    /// <returns>The buffer.</returns>
    protected Parameter AddBuffer(string name, Shape shape, float value)
    {
        ThrowIfTaken(name);
        Parameter buffer = new(name, shape) { RequiresGradient = false };
        buffer.Writable().Fill(value);
        _buffers.Add(buffer);
        return buffer;
    }

    /// <summary>Makes and registers a buffer that counts from 0; files hold it as a 64-bit integer, as PyTorch's do.</summary>
    /// <param name="name">Its name within this module.</param>
    /// <returns>The buffer, a single whole number below 2^24.</returns>
    protected Parameter AddCounter(string name)
    {
        ThrowIfTaken(name);
        Parameter buffer = new(name, []) { RequiresGradient = false, IsCounter = true };
        buffer.Writable().Clear();
        _buffers.Add(buffer);
        return buffer;
    }

    /// <summary>Registers a sub-module.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="name">Its name within this module.</param>
    /// <param name="module">The sub-module.</param>
    /// <returns>The sub-module.</returns>
    protected T AddModule<T>(string name, T module)
        where T : Module
    {
        ArgumentNullException.ThrowIfNull(module);
        ThrowIfTaken(name);
        _children.Add((name, module));
        return module;
    }

    /// <summary>Registers the two halves of an adapter as PEFT names them, <c>lora_A</c> and <c>lora_B</c>, or removes them again.</summary>
    private protected void AttachAdapter(LinearWeights weights, LowRankAdapter? adapter)
    {
        const string down = "lora_A", up = "lora_B";
        _children.RemoveAll(static child => child.Name is down or up);
        weights.Adapter = adapter;
        if (adapter is not null)
        {
            AddModule(down, adapter.Down);
            AddModule(up, adapter.Up);
        }
    }

    private void ThrowIfTaken(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (_parameters.Any(p => p.Name == name) || _buffers.Any(b => b.Name == name) || _children.Any(c => c.Name == name))
        {
            throw new ArgumentException($"{GetType().Name}: expected a name not used before, got '{name}' again.", nameof(name));
        }
    }

    private IEnumerable<(string Name, Parameter Parameter)> Named(string prefix, Func<Module, List<Parameter>> own)
    {
        foreach (Parameter parameter in own(this))
        {
            yield return (prefix + parameter.Name, parameter);
        }

        foreach ((string name, Module child) in _children)
        {
            foreach ((string, Parameter) pair in child.Named($"{prefix}{name}.", own))
            {
                yield return pair;
            }
        }
    }

    private IEnumerable<(string Name, Module Module)> NamedModules(string name)
    {
        yield return (name, this);
        foreach ((string childName, Module child) in _children)
        {
            foreach ((string, Module) pair in child.NamedModules(name.Length == 0 ? childName : $"{name}.{childName}"))
            {
                yield return pair;
            }
        }
    }
}
