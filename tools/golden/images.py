"""Layers of image networks: norms, poolings, resizing, padding; NCHW, as both sides count axes."""
import torch.nn.functional as F
from golden import Inputs, case


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


def cases():
    for family in (row_norms,):
        yield from family()
