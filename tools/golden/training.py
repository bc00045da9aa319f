"""Optimizers step by step on given gradients, learning rates by step, and the numbers of the initializers."""
import math
import torch
from golden import Inputs, array, exact

STEPS = 12
COUNT = 19  # not a multiple of any vector width


def optimizer(name, op, options, make):
    """A parabola seen with noise: the gradients are given, so an error in one step does not hide in the next."""
    draw = Inputs(name)
    start, target, curvature = draw.normal(COUNT), draw.normal(COUNT), draw.uniform(0.1, 2, COUNT)
    weight = start.clone().requires_grad_()
    method = make([weight])
    gradients, weights = [], []
    for step in range(STEPS):
        gradient = exact(curvature * (weight.detach() - target) + 0.1 * draw.normal(COUNT))
        gradient[3] = 0  # a weight that never gets a gradient: 0/0 must not appear
        gradient[5] = 0 if step % 3 else gradient[5]  # and one that gets it seldom
        weight.grad = gradient.clone()
        method.step()
        gradients.append(gradient)
        weights.append(weight.detach().clone())
    return {
        "name": name, "op": op, "options": options,
        "inputs": [array("weight", start), array("gradients", torch.stack(gradients))],
        "outputs": [array("weights", torch.stack(weights))],
    }


def optimizers():
    def sgd(suffix, **options):
        full = {"learningRate": 0.1, "momentum": 0.0, "dampening": 0.0, "nesterov": False, "weightDecay": 0.0, **options}
        return optimizer(f"Sgd-{suffix}", "Sgd", full, lambda p: torch.optim.SGD(
            p, lr=full["learningRate"], momentum=full["momentum"], dampening=full["dampening"],
            nesterov=full["nesterov"], weight_decay=full["weightDecay"], foreach=False))

    yield sgd("plain")
    yield sgd("weightDecay", weightDecay=0.05)
    yield sgd("momentum", momentum=0.9)
    yield sgd("dampening", momentum=0.9, dampening=0.5)
    yield sgd("nesterov", momentum=0.9, nesterov=True)
    yield sgd("momentum-weightDecay", learningRate=0.03, momentum=0.8, weightDecay=0.1)
    yield sgd("nesterov-weightDecay", learningRate=0.03, momentum=0.8, nesterov=True, weightDecay=0.1)

    def adam(kind, suffix, **options):
        full = {"learningRate": 0.05, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "weightDecay": 0.0, "amsGrad": False, **options}
        return optimizer(f"{kind}-{suffix}", kind, full, lambda p: getattr(torch.optim, "AdamW" if kind == "AdamW" else "Adam")(
            p, lr=full["learningRate"], betas=(full["beta1"], full["beta2"]), eps=full["epsilon"],
            weight_decay=full["weightDecay"], amsgrad=full["amsGrad"], foreach=False))

    yield adam("Adam", "plain")
    yield adam("Adam", "weightDecay", weightDecay=0.1)
    yield adam("Adam", "betas", beta1=0.5, beta2=0.9, epsilon=1e-3)
    yield adam("Adam", "amsGrad", amsGrad=True, beta2=0.9)
    yield adam("AdamW", "plain", weightDecay=0.0)
    yield adam("AdamW", "weightDecay", weightDecay=0.1)
    yield adam("AdamW", "betas", beta1=0.5, beta2=0.9, epsilon=1e-3, weightDecay=0.01)
    yield adam("AdamW", "amsGrad", amsGrad=True, beta2=0.9, weightDecay=0.1)

    def other(kind, suffix, options, make, maximize=False):
        more = {"maximize": True} if maximize else {}
        return optimizer(f"{kind}-{suffix}", kind, {**options, **more}, lambda p: make(p, **more))

    o = torch.optim
    yield other("Sgd", "maximize", {"learningRate": 0.03, "momentum": 0.9, "dampening": 0.0, "nesterov": False, "weightDecay": 0.05},
                lambda p, **m: o.SGD(p, lr=0.03, momentum=0.9, weight_decay=0.05, **m), maximize=True)
    yield other("Adam", "maximize", {"learningRate": 0.05, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "weightDecay": 0.1, "amsGrad": False},
                lambda p, **m: o.Adam(p, lr=0.05, weight_decay=0.1, **m), maximize=True)
    for suffix, decay, weight, start, up in (("plain", 0.0, 0.0, 0.0, False), ("decay", 0.1, 0.05, 0.3, False), ("maximize", 0.0, 0.0, 0.0, True)):
        yield other("AdaGrad", suffix, {"learningRate": 0.1, "learningRateDecay": decay, "weightDecay": weight, "initialAccumulator": start},
                    lambda p, d=decay, w=weight, a=start, **m: o.Adagrad(p, lr=0.1, lr_decay=d, weight_decay=w, initial_accumulator_value=a, **m), up)
    for suffix, rho, weight, up in (("plain", 0.9, 0.0, False), ("decay", 0.7, 0.1, False), ("maximize", 0.9, 0.0, True)):
        yield other("AdaDelta", suffix, {"learningRate": 1.0, "rho": rho, "weightDecay": weight},
                    lambda p, r=rho, w=weight, **m: o.Adadelta(p, lr=1.0, rho=r, weight_decay=w, **m), up)
    for suffix, alpha, weight, momentum, centered, up in (
            ("plain", 0.99, 0.0, 0.0, False, False), ("momentum", 0.9, 0.1, 0.9, False, False), ("centered", 0.9, 0.0, 0.0, True, False),
            ("centered-momentum", 0.99, 0.0, 0.5, True, False), ("maximize", 0.99, 0.0, 0.0, False, True)):
        yield other("RmsProp", suffix, {"learningRate": 0.02, "alpha": alpha, "weightDecay": weight, "momentum": momentum, "centered": centered},
                    lambda p, a=alpha, w=weight, k=momentum, c=centered, **m: o.RMSprop(p, lr=0.02, alpha=a, weight_decay=w, momentum=k, centered=c, **m), up)
    for suffix, beta1, beta2, weight, up in (("plain", 0.9, 0.999, 0.0, False), ("decay", 0.5, 0.9, 0.1, False), ("maximize", 0.9, 0.999, 0.0, True)):
        yield other("Adamax", suffix, {"learningRate": 0.05, "beta1": beta1, "beta2": beta2, "weightDecay": weight},
                    lambda p, b=(beta1, beta2), w=weight, **m: o.Adamax(p, lr=0.05, betas=b, weight_decay=w, **m), up)
    for suffix, beta1, beta2, weight, psi, decoupled, up in (
            ("plain", 0.9, 0.999, 0.0, 0.004, False, False), ("decay", 0.8, 0.9, 0.1, 0.1, False, False),
            ("decoupled", 0.9, 0.999, 0.1, 0.004, True, False), ("maximize", 0.9, 0.999, 0.0, 0.004, False, True)):
        yield other("NAdam", suffix, {"learningRate": 0.05, "beta1": beta1, "beta2": beta2, "weightDecay": weight, "momentumDecay": psi, "decoupled": decoupled},
                    lambda p, b=(beta1, beta2), w=weight, y=psi, d=decoupled, **m: o.NAdam(p, lr=0.05, betas=b, weight_decay=w, momentum_decay=y, decoupled_weight_decay=d, **m), up)
    for suffix, beta1, beta2, weight, decoupled, up in (
            ("plain", 0.9, 0.999, 0.0, False, False), ("decay", 0.8, 0.9, 0.1, False, False),
            ("decoupled", 0.9, 0.99, 0.1, True, False), ("maximize", 0.9, 0.999, 0.0, False, True)):
        yield other("RAdam", suffix, {"learningRate": 0.05, "beta1": beta1, "beta2": beta2, "weightDecay": weight, "decoupled": decoupled},
                    lambda p, b=(beta1, beta2), w=weight, d=decoupled, **m: o.RAdam(p, lr=0.05, betas=b, weight_decay=w, decoupled_weight_decay=d, **m), up)
    for suffix, etas, up in (("plain", (0.5, 1.2), False), ("etas", (0.7, 1.5), False), ("maximize", (0.5, 1.2), True)):
        yield other("Rprop", suffix, {"learningRate": 0.05, "etaMinus": etas[0], "etaPlus": etas[1]},
                    lambda p, e=etas, **m: o.Rprop(p, lr=0.05, etas=e, **m), up)
    for suffix, decay, alpha, start, weight, up in (("plain", 1e-4, 0.75, 1e6, 0.0, False), ("average", 0.1, 0.5, 3.0, 0.1, False), ("maximize", 1e-4, 0.75, 1e6, 0.0, True)):
        yield other("Asgd", suffix, {"learningRate": 0.1, "lambda": decay, "alpha": alpha, "averageFrom": start, "weightDecay": weight},
                    lambda p, l=decay, a=alpha, t=start, w=weight, **m: o.ASGD(p, lr=0.1, lambd=l, alpha=a, t0=t, weight_decay=w, **m), up)
    for suffix, beta1, beta2, weight in (("plain", 0.9, 0.99, 0.0), ("decay", 0.8, 0.9, 0.1)):
        yield other("Lion", suffix, {"learningRate": 0.02, "beta1": beta1, "beta2": beta2, "weightDecay": weight},
                    lambda p, b=(beta1, beta2), w=weight: Lion(p, 0.02, b, w))
        yield other("Lamb", suffix, {"learningRate": 0.02, "beta1": beta1, "beta2": beta2, "weightDecay": weight},
                    lambda p, b=(beta1, beta2), w=weight: Lamb(p, 0.02, b, w))
    yield other("Lookahead", "Adam", {"learningRate": 0.05, "steps": 3, "alpha": 0.7}, lambda p: Lookahead(o.Adam(p, lr=0.05), 3, 0.7))


def lbfgs():
    """Closures, not gradients: sum of c (w - t)^2 / 2 + (w - t)^4 / 4.

    No rate of 0.01 with a line search of several iterations: after so short a first step the change of the gradient is
    a difference of nearly equal numbers, and PyTorch with single precision weights is 20 % off its own double precision.
    """
    for suffix, rate, iterations, history, wolfe in (
            ("plain", 0.2, 2, 100, False), ("history", 0.3, 3, 2, False), ("wolfe", 1.0, 2, 5, True), ("wolfe-large", 8.0, 3, 5, True), ("wolfe-small", 0.3, 4, 5, True), ("wolfe-least", 1.0, 1, 5, True), ("wolfe-tiny", 0.01, 1, 5, True)):
        name = f"Lbfgs-{suffix}"
        draw = Inputs(name)
        start, target, curvature = draw.normal(COUNT), draw.normal(COUNT), draw.uniform(0.1, 2, COUNT)
        weight = start.clone().requires_grad_()
        method = torch.optim.LBFGS([weight], lr=rate, max_iter=iterations, history_size=history, line_search_fn="strong_wolfe" if wolfe else None)

        def closure():
            method.zero_grad()
            d = weight - target
            loss = (curvature * d ** 2 / 2 + d ** 4 / 4).sum()
            loss.backward()
            return loss

        weights = []
        for _ in range(6):
            method.step(closure)
            weights.append(weight.detach().clone())
        yield {
            "name": name, "op": "Lbfgs", "options": {"learningRate": rate, "iterations": iterations, "history": history, "strongWolfe": wolfe},
            "inputs": [array("weight", start), array("target", target), array("curvature", curvature)],
            "outputs": [array("weights", torch.stack(weights))],
        }


class Lion:
    """Chen et al. 2023, algorithm 2, written down from the paper: PyTorch has none."""

    def __init__(self, parameters, rate, betas, decay):
        self.parameters, self.rate, self.betas, self.decay = parameters, rate, betas, decay
        self.means = [torch.zeros_like(p) for p in parameters]

    @torch.no_grad()
    def step(self):
        for p, m in zip(self.parameters, self.means):
            direction = torch.sign(self.betas[0] * m + (1 - self.betas[0]) * p.grad)
            p -= self.rate * (direction + self.decay * p)
            m.copy_(self.betas[1] * m + (1 - self.betas[1]) * p.grad)


class Lamb:
    """You et al. 2020, algorithm 2, with bias corrections and the identity for phi."""

    def __init__(self, parameters, rate, betas, decay):
        self.parameters, self.rate, self.betas, self.decay, self.count = parameters, rate, betas, decay, 0
        self.state = [(torch.zeros_like(p), torch.zeros_like(p)) for p in parameters]

    @torch.no_grad()
    def step(self):
        self.count += 1
        for p, (m, v) in zip(self.parameters, self.state):
            m.copy_(self.betas[0] * m + (1 - self.betas[0]) * p.grad)
            v.copy_(self.betas[1] * v + (1 - self.betas[1]) * p.grad ** 2)
            ratio = m / (1 - self.betas[0] ** self.count) / (torch.sqrt(v / (1 - self.betas[1] ** self.count)) + 1e-6) + self.decay * p
            p -= self.rate * p.norm() / ratio.norm() * ratio


class Lookahead:
    """Zhang et al. 2019, algorithm 1."""

    def __init__(self, inner, steps, alpha):
        self.inner, self.steps, self.alpha, self.count = inner, steps, alpha, 0
        self.slow = [p.detach().clone() for p in inner.param_groups[0]["params"]]

    def step(self):
        self.inner.step()
        self.count += 1
        if self.count % self.steps == 0:
            with torch.no_grad():
                for p, s in zip(self.inner.param_groups[0]["params"], self.slow):
                    s += self.alpha * (p - s)
                    p.copy_(s)


def schedule(name, op, options, count, make):
    method = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=options["learningRate"])
    rates = []
    schedules = torch.optim.lr_scheduler
    scheduler = make(schedules, method)
    for _ in range(count):
        rates.append(method.param_groups[0]["lr"])
        method.step()
        scheduler.step()
    return {"name": name, "op": op, "options": options, "outputs": [array("learningRates", torch.tensor(rates))]}


def schedules():
    yield schedule("StepDecay", "StepDecay", {"learningRate": 0.1, "stepSize": 3, "factor": 0.5}, 13,
                   lambda s, o: s.StepLR(o, 3, 0.5))
    yield schedule("StepDecay-one", "StepDecay", {"learningRate": 0.4, "stepSize": 1, "factor": 0.1}, 6,
                   lambda s, o: s.StepLR(o, 1, 0.1))
    yield schedule("ExponentialDecay", "ExponentialDecay", {"learningRate": 0.1, "factor": 0.9}, 13,
                   lambda s, o: s.ExponentialLR(o, 0.9))
    # Up to the end of the period only: after it PyTorch's rate rises again.
    yield schedule("CosineDecay", "CosineDecay", {"learningRate": 0.1, "steps": 10, "minimum": 0.0}, 11,
                   lambda s, o: s.CosineAnnealingLR(o, 10))
    yield schedule("CosineDecay-minimum", "CosineDecay", {"learningRate": 0.2, "steps": 12, "minimum": 0.001}, 13,
                   lambda s, o: s.CosineAnnealingLR(o, 12, 0.001))
    # PyTorch's linear warm-up starts at a chosen factor and reaches the rate at step `steps`; with 1 / (steps + 1) all its rises are equal.
    yield schedule("WarmUp", "WarmUp", {"learningRate": 0.1, "steps": 5}, 9,
                   lambda s, o: s.LinearLR(o, 1 / 6, 1.0, 5))
    yield schedule("WarmUp-cosine", "WarmUpThenCosine",
                   {"learningRate": 0.1, "warmUpSteps": 4, "cosineSteps": 8, "minimum": 0.0}, 12,
                   lambda s, o: s.SequentialLR(o, [s.LinearLR(o, 0.2, 1.0, 4), s.CosineAnnealingLR(o, 8)], [4]))

    yield schedule("PolynomialDecay", "PolynomialDecay", {"learningRate": 0.1, "steps": 10, "power": 1.0}, 13, lambda s, o: s.PolynomialLR(o, 10))
    yield schedule("PolynomialDecay-power", "PolynomialDecay", {"learningRate": 0.1, "steps": 9, "power": 2.5}, 12, lambda s, o: s.PolynomialLR(o, 9, 2.5))
    yield schedule("LinearRamp", "LinearRamp", {"learningRate": 0.1, "steps": 8, "start": 1.0, "end": 0.2}, 12, lambda s, o: s.LinearLR(o, 1.0, 0.2, 8))
    yield schedule("MultiStepDecay", "MultiStepDecay", {"learningRate": 0.1, "milestones": [2, 5, 5, 9], "factor": 0.5}, 12, lambda s, o: s.MultiStepLR(o, [2, 5, 5, 9], 0.5))
    yield schedule("CosineRestarts", "CosineRestarts", {"learningRate": 0.1, "period": 4, "growth": 1, "minimum": 0.0}, 14,
                   lambda s, o: s.CosineAnnealingWarmRestarts(o, 4))
    yield schedule("CosineRestarts-growth", "CosineRestarts", {"learningRate": 0.1, "period": 3, "growth": 2, "minimum": 0.01}, 25,
                   lambda s, o: s.CosineAnnealingWarmRestarts(o, 3, 2, 0.01))
    yield schedule("InverseSquareRoot", "InverseSquareRoot", {"learningRate": 0.1, "steps": 4}, 14,
                   lambda s, o: s.LambdaLR(o, lambda t: min((t + 1) / 4, math.sqrt(4 / (t + 1)))))
    yield schedule("ScheduleSequence", "ScheduleSequence", {"learningRate": 0.1}, 14,
                   lambda s, o: s.SequentialLR(o, [s.LinearLR(o, 0.25, 1.0, 3), s.ConstantLR(o, 1.0, 1), s.StepLR(o, 2, 0.5)], [3, 6]))
    for suffix, straight in (("cosine", False), ("straight", True)):
        method = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.1, momentum=0.9)
        scheduler = torch.optim.lr_scheduler.OneCycleLR(method, 0.1, 14, pct_start=0.3, anneal_strategy="linear" if straight else "cos")
        rates, momenta = [], []
        for step in range(14):
            rates.append(method.param_groups[0]["lr"])
            momenta.append(method.param_groups[0]["momentum"])
            method.step()
            if step < 13:
                scheduler.step()
        yield {"name": f"OneCycle-{suffix}", "op": "OneCycle", "options": {"learningRate": 0.1, "steps": 14, "straight": straight},
               "inputs": [array("momenta", torch.tensor(momenta))], "outputs": [array("learningRates", torch.tensor(rates))]}
    for suffix, options in (("plain", {"factor": 0.5, "patience": 2, "threshold": 1e-4, "cooldown": 0}), ("cooldown", {"factor": 0.1, "patience": 0, "threshold": 0.05, "cooldown": 2})):
        losses = [1.0, 0.9, 0.91, 0.9, 0.9, 0.95, 0.8, 0.8, 0.79995, 0.8, 0.79, 0.78, 0.77, 0.9, 0.9, 0.9]
        method = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.1)
        scheduler = torch.optim.lr_scheduler.ReduceLROnPlateau(method, eps=0, **options)
        rates = []
        for loss in losses:
            rates.append(method.param_groups[0]["lr"])
            scheduler.step(loss)
        yield {"name": f"ReduceOnPlateau-{suffix}", "op": "ReduceOnPlateau", "options": {"learningRate": 0.1, **options},
               "inputs": [array("losses", torch.tensor(losses))], "outputs": [array("learningRates", torch.tensor(rates))]}


def initializers():
    """Bounds and deviations by PyTorch's own fan and gain rules; draws cannot be compared, their statistics can."""
    init = torch.nn.init
    shapes = [(300, 784), (10, 300), (1, 1), (17, 33), (8, 3, 5, 5)]
    gains = {"none": 1.0, "Relu": init.calculate_gain("relu"), "Tanh": init.calculate_gain("tanh"),
             "LeakyRelu": init.calculate_gain("leaky_relu", 0.2), "Selu": init.calculate_gain("selu")}
    for shape in shapes:
        fan_in, fan_out = init._calculate_fan_in_and_fan_out(torch.empty(shape))
        size = "x".join(map(str, shape))

        def entry(op, kind, value, **more):
            options = {"shape": list(shape), "fanIn": fan_in, "fanOut": fan_out, **more}
            suffix = "".join(f"-{v}" for v in more.values() if isinstance(v, str))
            return {"name": f"{op}-{size}{suffix}", "op": op, "options": options, "outputs": [array(kind, torch.tensor(value))]}

        for activation, gain in gains.items():
            xavier = gain * math.sqrt(2 / (fan_in + fan_out))
            yield entry("XavierNormal", "standardDeviation", xavier, activation=activation, gain=gain)
            yield entry("XavierUniform", "bound", math.sqrt(3) * xavier, activation=activation, gain=gain)
        for mode, fan in {"fanIn": fan_in, "fanOut": fan_out}.items():
            he = gains["Relu"] / math.sqrt(fan)
            yield entry("HeNormal", "standardDeviation", he, mode=mode)
            yield entry("HeUniform", "bound", math.sqrt(3) * he, mode=mode)
        yield entry("LeCunNormal", "standardDeviation", 1 / math.sqrt(fan_in))
        yield entry("LeCunUniform", "bound", math.sqrt(3 / fan_in))
        # PyTorch's draws stay within the bounds claimed here, and reach near them.
        draws = init.xavier_uniform_(torch.empty(shape), generator=torch.Generator().manual_seed(1))
        limit = math.sqrt(6 / (fan_in + fan_out))
        assert draws.abs().max() <= limit and (draws.numel() < 100 or draws.abs().max() > 0.9 * limit)
    # A standard normal cut at two: deviation sqrt(1 - 4 phi(2) / (2 Phi(2) - 1)), in every formula that rescales for the cut.
    density = math.exp(-2) / math.sqrt(2 * math.pi)
    inside = math.erf(math.sqrt(2))
    yield {"name": "TruncatedNormal-2", "op": "TruncatedNormal", "options": {"cut": 2.0},
           "outputs": [array("standardDeviation", torch.tensor(math.sqrt(1 - 4 * density / inside)))]}
