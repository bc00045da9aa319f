"""Layers of image networks: norms, poolings, resizing, padding; NCHW, as both sides count axes."""
import torch.nn.functional as F
from golden import Inputs, array, case


def size(shape):
    return "x".join(map(str, shape))


def affine(draw, *shape):
    return {"weight": draw.normal(*shape), "bias": draw.normal(*shape)}


def row_norms():
    for shape, sizes, eps in [((3, 4), (4,), 1e-5), ((2, 3, 17), (17,), 1e-5), ((5, 1), (1,), 1e-2), ((2, 3, 4), (3, 4), 1e-5), ((9, 48), (48,), 1e-3),
                              ((2, 130), (130,), 1e-5), ((0, 3), (3,), 1e-5)]:
        for parts in ("weight bias", "weight", ""):
            name = f"LayerNorm-{size(shape)}-{size(sizes)}-{parts.replace(' ', '-') or 'plain'}"
            draw = Inputs(name)
            parameters = {key: value for key, value in affine(draw, *sizes).items() if key in parts.split()}
            yield case(name, "LayerNorm", lambda x, parameters={}: F.layer_norm(x, sizes, parameters.get("weight"), parameters.get("bias"), eps),
                       {"x": draw.normal(*shape)}, {"sizes": list(sizes), "epsilon": eps, "weight": "weight" in parts, "bias": "bias" in parts}, parameters)
        for weight in (True, False):
            name = f"RmsNorm-{size(shape)}-{size(sizes)}-{'weight' if weight else 'plain'}"
            draw = Inputs(name)
            yield case(name, "RmsNorm", lambda x, parameters={}: F.rms_norm(x, sizes, parameters.get("weight"), eps),
                       {"x": draw.normal(*shape)}, {"sizes": list(sizes), "epsilon": eps, "weight": weight}, {"weight": draw.normal(*sizes)} if weight else None)


def batch_norms():
    for shape in [(4, 3), (5, 17), (2, 3, 5), (2, 3, 2, 3), (2, 16, 2, 3), (3, 65, 1, 2), (0, 3, 2, 2), (17, 1, 2, 2)]:
        op = "BatchNorm2d" if len(shape) == 4 else "BatchNorm1d"
        for mode, weighted in [("training", True), ("training", False), ("evaluation", True), ("batch", True)]:
            if not weighted and shape[0] == 17:
                continue
            name = f"{op}-{size(shape)}-{mode}{'' if weighted else '-plain'}"
            draw = Inputs(name)
            channels = shape[1]
            running = {} if mode == "batch" else {"running_mean": draw.normal(channels), "running_var": draw.uniform(0.5, 2, channels)}
            after = {key + "_after": value.clone() for key, value in running.items()}
            momentum = 0.3

            def compute(x, parameters={}):
                return F.batch_norm(x, after.get("running_mean_after"), after.get("running_var_after"), parameters.get("weight"), parameters.get("bias"),
                                    mode != "evaluation", momentum, 1e-3)

            x = 2 * draw.normal(*shape) + 1
            made = case(name, op, compute, {"x": x}, {"channels": channels, "epsilon": 1e-3, "momentum": momentum, "affine": weighted,
                                                      "running": mode != "batch", "training": mode != "evaluation"},
                        affine(draw, channels) if weighted else None, running)
            if shape[0] == 0:
                after = {key + "_after": value for key, value in running.items()}
            made.setdefault("labels", []).extend(array(key, value) for key, value in after.items())
            yield made


def cases():
    for family in (row_norms, batch_norms):
        yield from family()
