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


WINDOWS = [
    # shape, kernel, stride, padding, dilation, ceil
    ((2, 3, 4, 6), (2, 2), (2, 2), (0, 0), (1, 1), False), ((2, 16, 5, 7), (2, 2), (2, 2), (0, 0), (1, 1), False),
    ((1, 17, 5, 4), (2, 2), (2, 2), (0, 0), (1, 1), True), ((2, 3, 6, 5), (3, 3), (2, 2), (1, 1), (1, 1), False),
    ((2, 3, 6, 5), (3, 2), (1, 2), (1, 0), (1, 1), True), ((1, 5, 7, 7), (3, 3), (1, 1), (1, 1), (2, 2), False),
    ((1, 2, 7, 8), (2, 3), (3, 4), (0, 1), (1, 1), True), ((2, 1, 4, 4), (4, 4), (4, 4), (2, 2), (1, 1), False), ((0, 3, 4, 4), (2, 2), (2, 2), (0, 0), (1, 1), False),
]


def poolings():
    for shape, kernel, stride, padding, dilation, ceil in WINDOWS:
        setting = f"{size(shape)}-{size(kernel)}-{size(stride)}-{size(padding)}-{size(dilation)}{'-ceil' if ceil else ''}"
        options = {"kernel": list(kernel), "stride": list(stride), "padding": list(padding), "ceil": ceil}
        row = (shape[0], shape[1], shape[3])
        for op, x_shape, last in [("Pool2d", shape, slice(None)), ("Pool1d", row, 1)]:
            name = f"Max{op}-{setting}"
            compute = F.max_pool2d if op == "Pool2d" else F.max_pool1d
            yield case(name, "Max" + op, lambda x: compute(x, kernel[last], stride[last], padding[last], dilation[last], ceil),
                       {"x": Inputs(name).distinct(*x_shape)}, {**options, "dilation": list(dilation)})
            if dilation != (1, 1) or (op == "Pool1d" and kernel == (2, 2)):
                continue
            for count in (True, False):
                name = f"Avg{op}-{setting}{'' if count else '-alone'}"
                compute = F.avg_pool2d if op == "Pool2d" else F.avg_pool1d
                yield case(name, "Avg" + op, lambda x: compute(x, kernel[last], stride[last], padding[last], ceil, count),
                           {"x": Inputs(name).normal(*x_shape)}, {**options, "countPadding": count})
    for shape, output in [((2, 3, 5, 7), (2, 3)), ((2, 16, 4, 6), (2, 2)), ((1, 2, 3, 2), (5, 3)), ((2, 5, 3, 4), (1, 1))]:
        for op, compute in [("AdaptiveAvgPool2d", F.adaptive_avg_pool2d), ("AdaptiveMaxPool2d", F.adaptive_max_pool2d), ("AdaptiveAvgPool1d", F.adaptive_avg_pool1d)]:
            name = f"{op}-{size(shape)}-{size(output)}"
            one = op.endswith("1d")
            x = Inputs(name).distinct(*(shape[:2] + shape[3:] if one else shape))
            yield case(name, op, lambda x: compute(x, output[1] if one else output), {"x": x}, {"output": list(output)})
    # Equal values: the first of the largest gets the gradient.
    for shape in [(2, 3, 4, 5), (1, 16, 4, 4)]:
        for kernel, stride in [(2, 2), (3, 1)]:
            name = f"MaxPool2d-ties-{size(shape)}-{kernel}-{stride}"
            yield case(name, "MaxPool2d", lambda x: F.max_pool2d(x, kernel, stride), {"x": Inputs(name).integers(3, *shape).double()},
                       {"kernel": [kernel] * 2, "stride": [stride] * 2, "padding": [0, 0], "dilation": [1, 1], "ceil": False})
    for shape in [(2, 3, 4, 5), (3, 17, 2, 2)]:
        name = f"GlobalAvgPool2d-{size(shape)}"
        yield case(name, "GlobalAvgPool2d", lambda x: x.mean((2, 3)), {"x": Inputs(name).normal(*shape)})
        name = f"GlobalMaxPool2d-{size(shape)}"
        yield case(name, "GlobalMaxPool2d", lambda x: x.amax((2, 3)), {"x": Inputs(name).distinct(*shape)})


def group_norms():
    for shape, groups in [((3, 8), 2), ((2, 6, 5), 3), ((2, 8, 2, 3), 2), ((2, 32, 3, 3), 8), ((1, 17, 2, 2), 1), ((2, 65, 1, 2), 5), ((0, 4, 2, 2), 2), ((2, 3, 3, 7), 3)]:
        for op, weighted in [("GroupNorm", True), ("GroupNorm", False), ("GroupNormSilu", True)]:
            if shape[0] == 1 and op == "GroupNorm" and not weighted:
                continue
            name = f"{op}-{size(shape)}-{groups}{'' if weighted else '-plain'}"
            draw = Inputs(name)

            def compute(x, parameters={}):
                y = F.group_norm(x, groups, parameters.get("weight"), parameters.get("bias"), 1e-3)
                return F.silu(y) if op == "GroupNormSilu" else y

            yield case(name, op, compute, {"x": 2 * draw.normal(*shape) + 1}, {"groups": groups, "channels": shape[1], "epsilon": 1e-3, "affine": weighted},
                       affine(draw, shape[1]) if weighted else None)
    for shape in [(2, 3, 5), (2, 16, 2, 3), (1, 5, 7, 3)]:
        for weighted in (True, False):
            op = f"InstanceNorm{len(shape) - 2}d"
            name = f"{op}-{size(shape)}{'' if weighted else '-plain'}"
            draw = Inputs(name)
            yield case(name, op, lambda x, parameters={}: F.instance_norm(x, weight=parameters.get("weight"), bias=parameters.get("bias"), eps=1e-3),
                       {"x": 2 * draw.normal(*shape) + 1}, {"channels": shape[1], "epsilon": 1e-3, "affine": weighted}, affine(draw, shape[1]) if weighted else None)


def resizings():
    for shape in [(2, 3, 3, 4), (1, 17, 2, 3), (2, 2, 1, 5)]:
        for mode, align in [("nearest", None), ("bilinear", False), ("bilinear", True), ("bicubic", False), ("bicubic", True)]:
            for factor, to in [(2.0, None), (1.5, None), (None, (5, 3)), (None, (2, 7))]:
                if shape[1] == 17 and (mode == "bicubic" or factor is None):
                    continue
                name = f"Upsample-{size(shape)}-{mode}{'-aligned' if align else ''}-{factor or size(to)}"
                yield case(name, "Upsample", lambda x: F.interpolate(x, to, factor, mode, align), {"x": Inputs(name).normal(*shape)},
                           {"mode": mode, "alignCorners": bool(align), **({"factor": factor} if factor else {"size": list(to)})})
    for shape, factor in [((2, 8, 3, 2), 2), ((1, 9, 1, 2), 3)]:
        for op, compute in [("PixelShuffle", F.pixel_shuffle), ("PixelUnshuffle", F.pixel_unshuffle)]:
            name = f"{op}-{size(shape)}-{factor}"
            x = Inputs(name).normal(*shape)
            x = x if op == "PixelShuffle" else F.pixel_shuffle(x, factor)
            yield case(name, op, lambda x: compute(x, factor), {"x": x}, {"factor": factor})


def paddings():
    for shape, sides in [((2, 3, 4, 5), (1, 1, 1, 1)), ((1, 17, 3, 4), (2, 0, 1, 2)), ((2, 3, 5), (2, 3)), ((2, 1, 4), (0, 1)), ((2, 2, 4, 4), (-1, 2, 0, -2))]:
        axes = f"{len(shape) - 2}d"
        for op, mode, value in [("ZeroPad", "constant", 0), ("ConstantPad", "constant", 1.5), ("ReflectionPad", "reflect", None), ("ReplicationPad", "replicate", None)]:
            if min(sides) < 0 and value is None or op == "ZeroPad" and axes == "1d":
                continue
            name = f"{op}{axes}-{size(shape)}-{size(sides)}"
            yield case(name, op + axes, lambda x: F.pad(x, sides, mode, value), {"x": Inputs(name).normal(*shape)}, {"sides": list(sides), "value": value or 0})


def activations():
    def glu(axis):
        return lambda x: F.glu(x, axis)

    for op, compute, options in [("Hardsigmoid", F.hardsigmoid, {}), ("Hardswish", F.hardswish, {}), ("Relu6", F.relu6, {}), ("Mish", F.mish, {}),
                                 ("LogSigmoid", F.logsigmoid, {}), ("Softsign", F.softsign, {}), ("Glu", glu(-1), {"axis": -1}), ("Glu", glu(1), {"axis": 1})]:
        for shape in [(3, 6), (2, 4, 2, 18)]:
            name = f"{op}{options.get('axis', '')}-{size(shape)}"
            yield case(name, op, compute, {"x": 3 * Inputs(name).normal(*shape)}, options)
    for shape, count in [((3, 5), 1), ((3, 5), 5), ((2, 3, 2, 4), 3), ((2, 16, 3), 16), ((2, 3, 2), 1)]:
        name = f"PRelu-{size(shape)}-{count}"
        draw = Inputs(name)
        yield case(name, "PRelu", lambda x, parameters: F.prelu(x, parameters["weight"]), {"x": draw.normal(*shape)}, {"count": count}, {"weight": draw.normal(count)})


def cases():
    for family in (row_norms, batch_norms, group_norms, poolings, resizings, paddings, activations):
        yield from family()
