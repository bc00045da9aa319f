"""Layers with parameters, layers that only move values, and small networks whole."""
import torch
import torch.nn.functional as F
from golden import Inputs, case, exact

ACTIVATIONS = {
    "Relu": torch.relu, "Tanh": torch.tanh, "Sigmoid": torch.sigmoid, "Gelu": F.gelu, "Silu": F.silu,
    "Softplus": F.softplus, "Elu": F.elu, "Selu": F.selu, "LeakyRelu": F.leaky_relu,
}


def linear():
    for shape, out in [((4,), 3), ((2, 4), 3), ((2, 3, 4), 5), ((1, 1), 1), ((0, 4), 3), ((5, 17), 33), ((3, 33), 1), ((65, 3), 17)]:
        for bias in (True, False):
            name = f"Linear-{'x'.join(map(str, shape))}-{out}{'' if bias else '-noBias'}"
            draw = Inputs(name)
            x = draw.normal(*shape)
            parameters = {"weight": draw.normal(out, shape[-1])}
            if bias:
                parameters["bias"] = draw.normal(out)
            yield case(name, "Linear", lambda x, parameters: F.linear(x, parameters["weight"], parameters.get("bias")),
                       {"x": x}, {"in": shape[-1], "out": out, "bias": bias}, parameters)


def shapes():
    for shape, start in [((2, 3, 4), 1), ((2, 3, 4), 0), ((5, 7), 1), ((0, 2, 3), 1), ((2, 3, 4, 5), 2)]:
        name = f"Flatten-{'x'.join(map(str, shape))}-{start}"
        yield case(name, "Flatten", lambda x: torch.flatten(x, start), {"x": Inputs(name).normal(*shape)}, {"startAxis": start})
    for rate in (0.0, 0.5):
        name = f"Dropout-evaluation-{rate}"
        yield case(name, "Dropout", lambda x: F.dropout(x, rate, training=False), {"x": Inputs(name).normal(3, 5)},
                   {"rate": rate, "training": False})


def run(layers, x, parameters):
    for i, layer in enumerate(layers):
        kind, *sizes = layer
        if kind == "Linear":
            x = F.linear(x, parameters[f"{i}.weight"], parameters.get(f"{i}.bias"))
        elif kind == "Flatten":
            x = torch.flatten(x, 1)
        elif kind == "LogSoftmax":
            x = torch.log_softmax(x, -1)
        else:
            x = ACTIVATIONS[kind](x)
    return x


def networks():
    described = [((5, 4), [["Linear", 4, 7], [activation], ["Linear", 7, 3]]) for activation in ACTIVATIONS]
    described += [
        ((6, 2, 4), [["Flatten"], ["Linear", 8, 17], ["Relu"], ["Linear", 17, 5], ["Tanh"], ["Linear", 5, 1]]),
        ((1, 3), [["Linear", 3, 1]]),
        ((33, 16), [["Linear", 16, 33], ["Relu"], ["Linear", 33, 10], ["LogSoftmax"]]),
    ]
    for shape, layers in described:
        name = "Sequential-" + "-".join("x".join(map(str, layer)) for layer in layers)
        draw = Inputs(name)
        x = draw.normal(*shape)
        parameters = {}
        for i, layer in enumerate(layers):
            if layer[0] == "Linear":
                parameters[f"{i}.weight"] = exact(draw.normal(layer[2], layer[1]) / layer[1] ** 0.5)
                parameters[f"{i}.bias"] = exact(0.5 * draw.normal(layer[2]))
        yield case(name, "Sequential", lambda x, parameters: run(layers, x, parameters), {"x": x}, {"layers": layers}, parameters)


def cases():
    for family in (linear, shapes, networks):
        yield from family()
