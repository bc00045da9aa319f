using Pondus.Optimizers;

namespace Pondus.Tests.Conformance;

/// <summary>Which optimizer of Pondus answers to which of PyTorch's optim_db.</summary>
internal static class OptimizerAdapters
{
    /// <summary>All optimizers that Pondus has, made of PyTorch's arguments.</summary>
    public static IReadOnlyDictionary<string, Func<ConformanceCall, IEnumerable<Parameter>, Optimizer>> All { get; } =
        new Dictionary<string, Func<ConformanceCall, IEnumerable<Parameter>, Optimizer>>(StringComparer.Ordinal)
        {
            ["Adadelta"] = static (c, p) => new AdaDelta(p, new AdaDeltaOptions(Number(c, "lr", 1), Number(c, "rho", 0.9), Number(c, "eps", 1e-6), Decay(c))) { Maximize = Maximize(c) },
            ["Adagrad"] = static (c, p) => new AdaGrad(p, new AdaGradOptions(Number(c, "lr", 0.01), Number(c, "lr_decay", 0), Decay(c), Number(c, "initial_accumulator_value", 0), Number(c, "eps", 1e-10))) { Maximize = Maximize(c) },
            ["Adam"] = static (c, p) => new Adam(p, new AdamOptions(Number(c, "lr", 1e-3), Beta(c, 0, 0.9), Beta(c, 1, 0.999), Number(c, "eps", 1e-8), Decay(c), Flag(c, "amsgrad"))) { Maximize = Maximize(c) },
            ["AdamW"] = static (c, p) => new AdamW(p, new AdamWOptions(Number(c, "lr", 1e-3), Beta(c, 0, 0.9), Beta(c, 1, 0.999), Number(c, "eps", 1e-8), Decay(c, 0.01), Flag(c, "amsgrad"))) { Maximize = Maximize(c) },
            ["Adamax"] = static (c, p) => new Adamax(p, new AdamaxOptions(Number(c, "lr", 2e-3), Beta(c, 0, 0.9), Beta(c, 1, 0.999), Number(c, "eps", 1e-8), Decay(c))) { Maximize = Maximize(c) },
            ["ASGD"] = static (c, p) => new Asgd(p, new AsgdOptions(Number(c, "lr", 0.01), Number(c, "lambd", 1e-4), Number(c, "alpha", 0.75), Number(c, "t0", 1e6), Decay(c))) { Maximize = Maximize(c) },
            ["LBFGS"] = static (c, p) => new Lbfgs(p, new LbfgsOptions(Number(c, "lr", 1), c.Integer(-1, "max_iter", 20), c.Find(-1, "max_eval")?.Integer, Number(c, "tolerance_grad", 1e-7), Number(c, "tolerance_change", 1e-9), c.Integer(-1, "history_size", 100), c.Text(-1, "line_search_fn", "none") == "strong_wolfe")),
            ["NAdam"] = static (c, p) => new NAdam(p, new NAdamOptions(Number(c, "lr", 2e-3), Beta(c, 0, 0.9), Beta(c, 1, 0.999), Number(c, "eps", 1e-8), Decay(c), Number(c, "momentum_decay", 4e-3), Flag(c, "decoupled_weight_decay"))) { Maximize = Maximize(c) },
            ["RAdam"] = static (c, p) => new RAdam(p, new RAdamOptions(Number(c, "lr", 1e-3), Beta(c, 0, 0.9), Beta(c, 1, 0.999), Number(c, "eps", 1e-8), Decay(c), Flag(c, "decoupled_weight_decay"))) { Maximize = Maximize(c) },
            ["RMSprop"] = static (c, p) => new RmsProp(p, new RmsPropOptions(Number(c, "lr", 0.01), Number(c, "alpha", 0.99), Number(c, "eps", 1e-8), Decay(c), Number(c, "momentum", 0), Flag(c, "centered"))) { Maximize = Maximize(c) },
            ["Rprop"] = static (c, p) => new Rprop(p, new RpropOptions(Number(c, "lr", 0.01), Pair(c, "etas", 0, 0.5), Pair(c, "etas", 1, 1.2), Pair(c, "step_sizes", 0, 1e-6), Pair(c, "step_sizes", 1, 50))) { Maximize = Maximize(c) },
            ["SGD"] = static (c, p) => new Sgd(p, new SgdOptions(Number(c, "lr", 1e-3), Number(c, "momentum", 0), Number(c, "dampening", 0), Flag(c, "nesterov"), Decay(c))) { Maximize = Maximize(c) },
        };

    private static float Number(ConformanceCall c, string name, double usual) => c.Find(-1, name) is { Array: not null }
        ? throw new UnsupportedSampleException($"{name} that is a tensor")
        : (float)c.Number(-1, name, usual);

    private static bool Flag(ConformanceCall c, string name) => c.Boolean(-1, name, false);

    private static bool Maximize(ConformanceCall c) => Flag(c, "maximize");

    private static float Decay(ConformanceCall c, double usual = 0) => Number(c, "weight_decay", usual);

    private static float Beta(ConformanceCall c, int place, double usual) => Pair(c, "betas", place, usual);

    private static float Pair(ConformanceCall c, string name, int place, double usual) => c.Find(-1, name) is not { } pair ? (float)usual
        : pair.Items![place] is { IsNumber: true } number ? (float)number.Number : throw new UnsupportedSampleException($"{name} that are tensors");
}
