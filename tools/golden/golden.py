"""What the families of golden numbers share: inputs, gradients, and the compact JSON form."""
import hashlib
import json
import numpy as np
import torch

torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)


class Inputs:
    """Values for one case, drawn from the case's own name: adding a case changes no other."""

    def __init__(self, name):
        seed = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "little")
        self._draw = np.random.Generator(np.random.PCG64(seed))

    def normal(self, *shape):
        return exact(self._draw.standard_normal(shape))

    def uniform(self, low, high, *shape):
        return exact(self._draw.uniform(low, high, shape))

    def distinct(self, *shape):
        """No two values are equal, so a maximum has one place; they are 0.01 or more apart."""
        count = int(np.prod(shape))
        return exact((self._draw.permutation(count) - count / 2) * 0.01 + 0.003).reshape(shape)

    def integers(self, count, *shape):
        return torch.from_numpy(self._draw.integers(0, count, shape))


def exact(values):
    """Three decimals, then the nearest single-precision number: what the file says is what both sides compute with."""
    return torch.from_numpy(np.asarray(np.round(values, 3), dtype=np.float32).astype(np.float64))


def number(value):
    """Nine significant digits identify every single-precision number."""
    value = float(value)
    if value == int(value) and abs(value) < 1e9:
        return int(value)
    short = float(f"{value:.9g}")
    single = np.float32(value)
    # A value that is single precision already is written in its shortest form.
    return float(str(single)) if float(single) == value else short


def array(name, tensor, **more):
    tensor = torch.as_tensor(tensor).detach()
    result = {"name": name, "shape": list(tensor.shape), "values": flat(tensor)}
    result.update({key: flat(value) for key, value in more.items() if value is not None})
    return result


def flat(tensor):
    return [number(value) for value in torch.as_tensor(tensor).detach().reshape(-1).tolist()]


def case(name, op, compute, inputs, options=None, parameters=None, constants=None, upstream=None):
    """Runs compute(inputs, parameters) and its backward pass from a random upstream gradient.

    inputs and parameters are {name: tensor} and get gradients; constants are {name: integer tensor}.
    """
    parameters = parameters or {}
    leaves = {key: value.clone().requires_grad_() for key, value in inputs.items()}
    weights = {key: value.clone().requires_grad_() for key, value in parameters.items()}
    output = compute(*leaves.values(), **({"parameters": weights} if parameters else {}))
    if upstream is None:
        upstream = Inputs(name + "/upstream").normal(*output.shape)
    output.backward(upstream)
    entry = {"name": name, "op": op}
    if options:
        entry["options"] = options
    entry["inputs"] = [array(key, value, grad=value.grad) for key, value in leaves.items()]
    if weights:
        entry["parameters"] = [array(key, value, grad=value.grad) for key, value in weights.items()]
    if constants:
        entry["labels"] = [array(key, value) for key, value in constants.items()]
    entry["outputs"] = [array("y", output, upstream=upstream)]
    return entry


def text(cases):
    """One case a line: small, and a change shows as a changed line."""
    names = [entry["name"] for entry in cases]
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated:
        raise ValueError(f"expected each name once, got more of {repeated}")
    lines = ",\n".join(json.dumps(entry, separators=(",", ":"), allow_nan=False) for entry in cases)
    return "[\n" + lines + "\n]\n"
