"""Writes PyTorch's own test samples (op_db, module_db, optim_db) as JSON, with outputs and gradients computed in float64.

export.py FOLDER operators|modules|optimizers NAME...      one file NAME.json each
Inputs are the float32 samples that PyTorch tests itself with. Arrays are little-endian base64 (float64, int64 or bool) with a
shape. Where a sample cannot be computed or has no tensor as a result, it is left out and counted in "left_out".
"""
import base64
import json
import os
import sys
import warnings

import numpy as np
import torch

warnings.filterwarnings("ignore")
DTYPE = torch.float32


def array(t):
    t = t.detach()
    if t.is_floating_point():
        kind, data = "float", t.double().cpu().contiguous().numpy()
    elif t.dtype == torch.bool:
        kind, data = "bool", t.cpu().contiguous().numpy()
    else:
        kind, data = "int", t.long().cpu().contiguous().numpy()
    return {"shape": list(t.shape), "kind": kind, "data": base64.b64encode(np.ascontiguousarray(data).tobytes()).decode()}


def plain(value):
    """A value of a sample as JSON; raises TypeError for what this file format has no word for."""
    if isinstance(value, torch.Tensor):
        return {"tensor": array(value)}
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, float):
        return value if np.isfinite(value) else {"number": str(value)}
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    if isinstance(value, dict):
        return {"map": {k: plain(v) for k, v in value.items()}}
    if isinstance(value, (torch.dtype, torch.device)):
        return {"name": str(value)}
    if isinstance(value, slice):
        return {"slice": [value.start, value.stop, value.step]}
    raise TypeError(type(value).__name__)


def double(value, leaves, all_leaves=True):
    """The same value in float64; floating tensors become leaves whose gradient is wanted, or only where PyTorch's sample wants it."""
    if isinstance(value, torch.Tensor):
        if not value.is_floating_point():
            return value.detach().clone()
        leaf = value.detach().double().clone().requires_grad_(all_leaves or value.requires_grad)
        leaves.append(leaf)
        return leaf
    if isinstance(value, (list, tuple)):
        return type(value)(double(v, leaves, all_leaves) for v in value) if type(value) in (list, tuple) else value
    if isinstance(value, dict):
        return {k: double(v, leaves, all_leaves) for k, v in value.items()}
    return torch.float64 if value is DTYPE else value


def attempt(compute):
    """Runs with every floating tensor as a leaf; where that fails, such as for running statistics, with those that the sample differentiates."""
    try:
        return compute(True)
    except Exception:
        return compute(False)


def tensors(value):
    if isinstance(value, torch.Tensor):
        return [value]
    if isinstance(value, (list, tuple)):
        return [t for v in value for t in tensors(v)]
    return []


def upstream(shape, seed):
    return torch.from_numpy(np.random.RandomState(seed).standard_normal(tuple(shape)).astype(np.float32)).double()


def differentiate(outputs, leaves):
    """Gradients of sum(upstream * output) over the floating outputs; None where nothing flows, False where none is wanted."""
    wanted = [(o, upstream(o.shape, i)) for i, o in enumerate(outputs) if o.is_floating_point()]
    flowing = [(o, u) for o, u in wanted if o.requires_grad]
    wanting = [leaf for leaf in leaves if leaf.requires_grad]
    gradients = [None] * len(wanting)
    if flowing and wanting:
        gradients = torch.autograd.grad([o for o, _ in flowing], wanting, [u for _, u in flowing], allow_unused=True)
    gradients = iter(gradients)
    found = [next(gradients) if leaf.requires_grad else False for leaf in leaves]
    return [array(u) for _, u in wanted], [g if g is None or g is False else array(g) for g in found]


def operator_samples(name):
    from torch.testing._internal.common_methods_invocations import op_db
    result = {"name": name, "samples": [], "errors": [], "left_out": 0}
    for op in (o for o in op_db if o.name == name):
        for sample in op.sample_inputs("cpu", DTYPE, requires_grad=True):
            try:
                def compute(all_leaves):
                    torch.manual_seed(0)
                    leaves = []
                    args = [double(a, leaves, all_leaves) for a in (sample.input, *sample.args)]
                    kwargs = {k: double(v, leaves, all_leaves) for k, v in sample.kwargs.items()}
                    outputs = tensors(op.op(*args, **kwargs))
                    if not outputs:
                        raise TypeError("no tensor")
                    return outputs, *differentiate(outputs, leaves)

                outputs, ups, gradients = attempt(compute)
                result["samples"].append({
                    "variant": op.variant_test_name, "args": plain([sample.input, *sample.args]), "kwargs": {k: plain(v) for k, v in sample.kwargs.items()},
                    "outputs": [array(o) for o in outputs], "upstreams": ups, "gradients": gradients})
            except Exception:
                result["left_out"] += 1
        if op.error_inputs_func is not None:
            for error in op.error_inputs("cpu"):
                try:
                    sample = error.sample_input
                    result["errors"].append({"variant": op.variant_test_name, "args": plain([sample.input, *sample.args]),
                                             "kwargs": {k: plain(v) for k, v in sample.kwargs.items()}, "message": error.error_regex})
                except Exception:
                    result["left_out"] += 1
    return result


def module_samples(name):
    from torch.testing._internal.common_modules import module_db
    result = {"name": name, "samples": [], "errors": [], "left_out": 0}
    for info in (m for m in module_db if m.module_cls.__name__ == name):
        for training in (True, False):
            for sample in info.module_inputs_func(info, "cpu", DTYPE, True, training):
                try:
                    torch.manual_seed(0)
                    constructor, forward = sample.constructor_input, sample.forward_input
                    if forward is None:
                        continue
                    module = info.module_cls(*constructor.args, **constructor.kwargs).float()
                    module.train(training)
                    state = {k: v.detach().clone() for k, v in module.state_dict().items()}
                    module = module.double()
                    parameters = dict(module.named_parameters())
                    doubles = {k: v.detach().clone() for k, v in module.state_dict().items()}

                    def compute(all_leaves):
                        leaves = []
                        args = [double(a, leaves, all_leaves) for a in forward.args]
                        kwargs = {k: double(v, leaves, all_leaves) for k, v in forward.kwargs.items()}
                        torch.manual_seed(0)
                        module.load_state_dict(doubles)
                        outputs = tensors(module(*args, **kwargs))
                        # The weights of attention, given back beside its output, are not differentiated.
                        outputs = outputs[:1] if name == "MultiheadAttention" else outputs
                        return outputs, len(leaves), *differentiate(outputs, leaves + list(parameters.values()))

                    outputs, count, ups, gradients = attempt(compute)
                    result["samples"].append({
                        "training": training, "description": sample.desc, "constructor_args": plain(list(constructor.args)),
                        "constructor": {k: plain(v) for k, v in constructor.kwargs.items()},
                        "args": plain(list(forward.args)), "kwargs": {k: plain(v) for k, v in forward.kwargs.items()},
                        "state": {k: array(v) for k, v in state.items()}, "state_after": {k: array(v) for k, v in module.named_buffers()},
                        "outputs": [array(o) for o in outputs], "upstreams": ups, "gradients": gradients[:count],
                        "parameter_gradients": dict(zip(parameters, gradients[count:]))})
                except Exception:
                    result["left_out"] += 1
            if info.module_error_inputs_func is not None:
                for error in info.module_error_inputs_func(info, "cpu", DTYPE, True, training):
                    try:
                        sample = error.module_error_input
                        constructor, forward = sample.constructor_input, sample.forward_input
                        result["errors"].append({
                            "training": training, "constructor_args": plain(list(constructor.args)),
                            "constructor": {k: plain(v) for k, v in constructor.kwargs.items()},
                            "args": None if forward is None else plain(list(forward.args)), "message": str(error.error_regex)})
                    except Exception:
                        result["left_out"] += 1
    return result


def optimizer_samples(name, steps=12):
    from torch.testing._internal.common_optimizers import optim_db
    result = {"name": name, "samples": [], "errors": [], "left_out": 0}
    for info in (o for o in optim_db if o.optim_cls.__name__ == name):
        for sample in info.optim_inputs_func("cpu"):
            try:
                start = [upstream((3, 5), 100), upstream((7,), 101)]
                parameters = [torch.nn.Parameter(p.clone()) for p in start]
                optimizer = info.optim_cls(parameters, **sample.kwargs)
                trace = []
                gradients = [[upstream(p.shape, 200 + 2 * step + i) for i, p in enumerate(start)] for step in range(steps)]

                def closure(step):
                    for p, g in zip(parameters, gradients[step]):
                        p.grad = g.clone()
                    return sum((p * g).sum() for p, g in zip(parameters, gradients[step])).detach()

                for step in range(steps):
                    if info.step_requires_closure:
                        # A valley that every line search can walk: the gradients above belong to no function.
                        def valley():
                            optimizer.zero_grad()
                            loss = sum(((p - s.roll(1)) ** 2 * (1 + s.abs())).sum() for p, s in zip(parameters, start))
                            loss.backward()
                            return loss
                        optimizer.step(valley)
                    else:
                        closure(step)
                        optimizer.step()
                    trace.append([array(p) for p in parameters])
                result["samples"].append({"kwargs": {k: plain(v) for k, v in sample.kwargs.items()}, "description": sample.desc,
                                          "start": [array(p) for p in start], "closure": info.step_requires_closure,
                                          "gradients": [[array(g) for g in step] for step in gradients], "trace": trace})
            except Exception:
                result["left_out"] += 1
        if info.optim_error_inputs_func is not None:
            for error in info.optim_error_inputs_func("cpu", DTYPE):
                try:
                    result["errors"].append({"kwargs": {k: plain(v) for k, v in error.optimizer_error_input.kwargs.items()}, "message": error.error_regex})
                except Exception:
                    result["left_out"] += 1
    return result


def main():
    folder, kind, names = sys.argv[1], sys.argv[2], sys.argv[3:]
    os.makedirs(folder, exist_ok=True)
    torch.set_num_threads(1)
    export = {"operators": operator_samples, "modules": module_samples, "optimizers": optimizer_samples}[kind]
    for name in names:
        with open(os.path.join(folder, name + ".json"), "w") as file:
            json.dump(export(name), file)


main()
