namespace Pondus.Layers;

/// <summary>One artificial neuron, in double precision: output = activation(w1 x1 + ... + wn xn + bias).</summary>
/// <remarks>
/// <para>Source: McCulloch and Pitts 1943; Rosenblatt 1958.</para>
/// </remarks>
public sealed record Neuron
{
    private static readonly (string Name, Func<double, double> Apply)[] s_activations =
    [
        ("Identity", static z => z),
        ("Step", static z => z > 0 ? 1 : 0),
        ("Sigmoid", static z => 1 / (1 + Math.Exp(-z))),
        ("Tanh", Math.Tanh),
        ("Relu", static z => Math.Max(z, 0)),
        ("LeakyRelu", static z => z > 0 ? z : 0.01 * z),
        ("Elu", static z => z > 0 ? z : Math.Exp(z) - 1),
        // The constants make mean 0 and variance 1 a fixed point (Klambauer et al. 2017, arXiv:1706.02515).
        ("Selu", static z => 1.0507009873554805 * (z > 0 ? z : 1.6732632423543772 * (Math.Exp(z) - 1))),
        ("Silu", static z => z / (1 + Math.Exp(-z))),
        // Written so that neither a large nor a very negative sum overflows.
        ("Softplus", static z => Math.Max(z, 0) + Math.Log(1 + Math.Exp(-Math.Abs(z)))),
    ];

    private readonly Func<double, double> _activation;

    /// <summary>Makes a neuron.</summary>
    /// <param name="weights">One weight for each input; at least one.</param>
    /// <param name="bias">The bias.</param>
    /// <param name="activation">One of <see cref="Activations"/>, letter case ignored.</param>
    /// <exception cref="ArgumentException">There are no weights, or there is no such activation.</exception>
    public Neuron(IReadOnlyList<double> weights, double bias = 0, string activation = "Identity")
    {
        ArgumentNullException.ThrowIfNull(weights);
        if (weights.Count == 0)
        {
            throw new ArgumentException("Neuron: expected at least one weight, got none.", nameof(weights));
        }

        int index = Array.FindIndex(s_activations, a => a.Name.Equals(activation, StringComparison.OrdinalIgnoreCase));
        if (index < 0)
        {
            throw new ArgumentException($"Neuron: expected an activation of {string.Join(", ", Activations)}, got '{activation}'.", nameof(activation));
        }

        Weights = weights;
        Bias = bias;
        (Activation, _activation) = s_activations[index];
    }

    /// <summary>Gets the names of the activations.</summary>
    public static IReadOnlyList<string> Activations { get; } = [.. s_activations.Select(static a => a.Name)];

    /// <summary>Gets the weights.</summary>
    public IReadOnlyList<double> Weights { get; }

    /// <summary>Gets the bias.</summary>
    public double Bias { get; }

    /// <summary>Gets the name of the activation.</summary>
    public string Activation { get; }

    /// <summary>Computes what the neuron answers, and what each input adds to it.</summary>
    /// <param name="inputs">One number for each weight.</param>
    /// <returns>The answer.</returns>
    /// <exception cref="ShapeException">The number of inputs is not the number of weights.</exception>
    public NeuronAnswer Evaluate(IReadOnlyList<double> inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        if (inputs.Count != Weights.Count)
        {
            throw new ShapeException($"Neuron: expected {Weights.Count} inputs, one for each weight, got {inputs.Count}.");
        }

        double[] contributions = new double[inputs.Count];
        double sum = 0;
        for (int i = 0; i < contributions.Length; i++)
        {
            contributions[i] = inputs[i] * Weights[i];
            sum += contributions[i];
        }

        sum += Bias;
        return new NeuronAnswer(_activation(sum), sum, contributions);
    }
}
