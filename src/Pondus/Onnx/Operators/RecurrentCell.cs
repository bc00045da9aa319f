namespace Pondus.Onnx.Operators;

/// <summary>Weights and settings of one direction of a recurrent layer.</summary>
internal sealed class RecurrentCell
{
    private readonly Tensor _inputWeight;
    private readonly Tensor _recurrentWeight;
    private readonly Tensor? _inputBias;
    private readonly Tensor? _recurrentBias;
    private readonly Tensor? _peepholes;
    private readonly Func<Tensor, Tensor>[] _functions;
    private readonly float _clip;

    public RecurrentCell(OnnxCall call, int direction, int gates, int size)
    {
        Gates = gates;
        Size = size;
        _inputWeight = Part(call, 1, direction);
        _recurrentWeight = Part(call, 2, direction);
        ResetsAfter = call.Int("linear_before_reset", 0) != 0;
        InputForget = call.Int("input_forget", 0) != 0;
        _clip = call.Float("clip", 0f);
        if (call.Optional(3) is { Count: > 0 } bias)
        {
            Tensor both = Row(call, bias, direction, 2 * gates * size);
            Tensor ofInput = both.Slice(0, 0, gates * size), ofState = both.Slice(0, gates * size, gates * size);
            // Only a GRU that resets after the product needs the two apart.
            _inputBias = gates == 3 ? ofInput : ofInput + ofState;
            _recurrentBias = gates == 3 ? ofState : null;
        }

        _peepholes = gates == 4 && call.Optional(7) is { Count: > 0 } peepholes ? Row(call, peepholes, direction, 3 * size) : null;
        string[] usual = gates == 1 ? ["Tanh"] : gates == 3 ? ["Sigmoid", "Tanh"] : ["Sigmoid", "Tanh", "Tanh"];
        string[]? given = call.Texts("activations");
        float[] alphas = call.Floats("activation_alpha") ?? [], betas = call.Floats("activation_beta") ?? [];
        _functions = new Func<Tensor, Tensor>[usual.Length];
        Queue<float> alpha = new(alphas), beta = new(betas);
        for (int i = 0; i < (given?.Length ?? usual.Length); i++)
        {
            // Settings belong to those activations that have them, in the order of all directions.
            Func<Tensor, Tensor> function = Function(call, given?[i] ?? usual[i], alpha, beta);
            int own = i - (given is not null && given.Length > usual.Length ? direction * usual.Length : 0);
            if (own >= 0 && own < usual.Length)
            {
                _functions[own] = function;
            }
        }

        if (Array.Exists(_functions, static function => function is null))
        {
            throw call.Error($"expected {usual.Length} activations a direction, got {given!.Length}.");
        }
    }

    public int Gates { get; }

    public int Size { get; }

    /// <summary>Gets whether a GRU's reset gate works on the product and not on the state.</summary>
    public bool ResetsAfter { get; }

    /// <summary>Gets whether an LSTM forgets what it does not take in.</summary>
    public bool InputForget { get; }

    public Tensor Project(Tensor input)
    {
        Tensor y = input.MatMul(_inputWeight, transposeRight: true);
        return _inputBias is { } bias ? y + bias : y;
    }

    public Tensor Recur(Tensor hidden) => hidden.MatMul(_recurrentWeight, transposeRight: true);

    /// <summary>A GRU's product with its biases; the third part is only right when the reset comes after.</summary>
    public Tensor RecurWithoutCandidate(Tensor hidden) => _recurrentBias is { } bias ? Recur(hidden) + bias : Recur(hidden);

    public Tensor RecurCandidate(Tensor hidden)
    {
        Tensor y = hidden.MatMul(_recurrentWeight.Slice(0, 2 * Size, Size), transposeRight: true);
        return _recurrentBias is { } bias ? y + bias.Slice(0, 2 * Size, Size) : y;
    }

    public Tensor Gate(Tensor all, int index) => all.Slice(1, index * Size, Size);

    public Tensor Activate(int index, Tensor x) => _functions[index](x);

    public Tensor Clip(Tensor x) => _clip > 0 ? x.Maximum(Tensor.Full([], -_clip)).Minimum(Tensor.Full([], _clip)) : x;

    public Tensor Peep(Tensor gate, Tensor state, int index) => _peepholes is { } weights ? gate + (state * weights.Slice(0, index * Size, Size)) : gate;

    private static Tensor Part(OnnxCall call, int index, int direction)
    {
        Tensor all = call.Input(index).AsTensor();
        Shape shape = [all.Shape[1], all.Shape[2]];
        return all.Shape[0] == 1 ? all.Reshape(shape) : all.Slice(0, direction, 1).Reshape(shape);
    }

    private static Tensor Row(OnnxCall call, OnnxValue value, int direction, int count) => value.Rank == 2 && value.Shape[1] == count && direction < value.Shape[0]
        ? value.AsTensor().Slice(0, direction, 1).Reshape([count])
        : throw call.Error($"expected (directions, {count}), got {value}.");

    private static Func<Tensor, Tensor> Function(OnnxCall call, string name, Queue<float> alphas, Queue<float> betas)
    {
        switch (name.ToUpperInvariant())
        {
            case "SIGMOID":
                return static x => x.Sigmoid();
            case "TANH":
                return static x => x.Tanh();
            case "RELU":
                return static x => x.Relu();
            case "SOFTSIGN":
                return static x => x.Softsign();
            case "SOFTPLUS":
                return static x => x.Softplus();
            case "LEAKYRELU":
                float slope = Next(alphas, 0.01f);
                return x => x.LeakyRelu(slope);
            case "ELU":
                float size = Next(alphas, 1f);
                return x => x.Elu(size);
            case "THRESHOLDEDRELU":
                float least = Next(alphas, 1f);
                return x => x * (x - least).Step();
            case "AFFINE":
                (float factor, float term) = (Next(alphas, 1f), Next(betas, 0f));
                return x => (x * factor) + term;
            case "HARDSIGMOID":
                (float alpha, float beta) = (Next(alphas, 0.2f), Next(betas, 0.5f));
                return x => ActivationOperators.HardSigmoid(x, alpha, beta);
            case "SCALEDTANH":
                (float outer, float inner) = (Next(alphas, 1f), Next(betas, 1f));
                return x => (x * inner).Tanh() * outer;
            default:
                throw call.Error($"expected an activation that is known, got '{name}'.");
        }

        static float Next(Queue<float> queue, float missing) => queue.TryDequeue(out float value) ? value : missing;
    }
}
