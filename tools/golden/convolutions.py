"""Convolutions, plain and transposed, over signals and images; alone, and with the ReLU and the pooling behind them."""
import torch
import torch.nn.functional as F
from golden import Inputs, case, exact

# in, out, kernel, stride, padding, dilation, groups, bias; sizes of the input
IMAGES = [
    (1, 1, (1, 1), (1, 1), (0, 0), (1, 1), 1, True, (2, 3, 4)), (3, 5, (3, 3), (1, 1), (1, 1), (1, 1), 1, True, (2, 5, 6)),
    (3, 5, (3, 3), (2, 2), (1, 1), (1, 1), 1, False, (2, 6, 5)), (4, 6, (3, 2), (1, 2), (2, 0), (2, 1), 2, True, (1, 5, 6)),
    (6, 6, (3, 3), (1, 1), (1, 1), (1, 1), 6, True, (2, 4, 4)), (4, 8, (3, 3), (2, 1), (1, 1), (1, 1), 4, True, (1, 5, 4)),
    (17, 33, (3, 3), (1, 1), (1, 1), (1, 1), 1, True, (1, 4, 3)), (2, 3, (5, 5), (1, 1), (2, 2), (1, 1), 1, True, (1, 2, 2)),
    (5, 3, (1, 1), (1, 1), (0, 0), (1, 1), 1, True, (2, 3, 3)), (5, 3, (1, 1), (2, 2), (0, 0), (1, 1), 1, True, (2, 5, 4)),
    (2, 3, (2, 2), (3, 3), (0, 0), (1, 1), 1, True, (1, 7, 6)), (3, 2, (3, 3), (1, 1), "same", (2, 2), 1, True, (1, 5, 4)),
    (2, 3, (2, 4), (1, 1), "same", (1, 1), 1, True, (2, 4, 5)), (2, 3, (3, 3), (1, 1), (1, 1), (1, 1), 1, True, (0, 4, 4)),
]
TRANSPOSED = [
    # in, out, kernel, stride, padding, output padding, dilation, groups, bias; sizes of the input
    (4, 3, (3, 3), (2, 2), (1, 1), (1, 1), (1, 1), 1, True, (2, 3, 4)), (4, 6, (2, 3), (1, 1), (0, 0), (0, 0), (2, 1), 2, False, (1, 3, 3)),
    (3, 2, (2, 2), (2, 2), (0, 0), (0, 0), (1, 1), 1, True, (2, 3, 2)), (2, 4, (3, 2), (3, 1), (1, 1), (2, 0), (1, 2), 1, True, (1, 2, 4)),
    (6, 6, (3, 3), (2, 2), (1, 1), (0, 0), (1, 1), 6, True, (1, 3, 3)), (17, 18, (3, 3), (1, 1), (1, 1), (0, 0), (1, 1), 1, True, (1, 3, 2)),
]


def text(*parts):
    return "-".join("x".join(map(str, part)) if isinstance(part, tuple) else str(part) for part in parts)


def weights(draw, bias, out, *shape):
    fan = shape[1] * shape[2] if len(shape) > 2 else shape[1]
    parameters = {"weight": exact(draw.normal(*shape) / (fan or 1) ** 0.5)}
    if bias:
        parameters["bias"] = draw.normal(out)
    return parameters


def along(value, axes):
    """The setting for images, or its last number for signals."""
    return value if isinstance(value, str) or axes == 2 else value[1]


def plain():
    for inputs, out, kernel, stride, padding, dilation, groups, bias, (batch, *size) in IMAGES:
        for axes in (2, 1):
            name = f"Conv{axes}d-" + text(inputs, out, kernel, stride, padding, dilation, groups, tuple([batch, *size])) + ("" if bias else "-noBias")
            draw = Inputs(name)
            sizes, kernels = (size, kernel) if axes == 2 else (size[1:], kernel[1:])
            compute = F.conv2d if axes == 2 else F.conv1d
            yield case(name, f"Conv{axes}d",
                       lambda x, parameters: compute(x, parameters["weight"], parameters.get("bias"), along(stride, axes), along(padding, axes), along(dilation, axes), groups),
                       {"x": draw.normal(batch, inputs, *sizes)},
                       {"in": inputs, "out": out, "kernel": kernel, "stride": stride, "padding": [-1, -1] if padding == "same" else padding, "dilation": dilation,
                        "groups": groups, "bias": bias}, weights(draw, bias, out, out, inputs // groups, *kernels))


def transposed():
    for inputs, out, kernel, stride, padding, output, dilation, groups, bias, (batch, *size) in TRANSPOSED:
        for axes in (2, 1):
            name = f"ConvTranspose{axes}d-" + text(inputs, out, kernel, stride, padding, output, dilation, groups, tuple([batch, *size])) + ("" if bias else "-noBias")
            draw = Inputs(name)
            sizes, kernels = (size, kernel) if axes == 2 else (size[1:], kernel[1:])
            compute = F.conv_transpose2d if axes == 2 else F.conv_transpose1d
            yield case(name, f"ConvTranspose{axes}d",
                       lambda x, parameters: compute(x, parameters["weight"], parameters.get("bias"), along(stride, axes), along(padding, axes), along(output, axes), groups,
                                                     along(dilation, axes)),
                       {"x": draw.normal(batch, inputs, *sizes)},
                       {"in": inputs, "out": out, "kernel": kernel, "stride": stride, "padding": padding, "outputPadding": output, "dilation": dilation,
                        "groups": groups, "bias": bias}, weights(draw, bias, out, inputs, out // groups, *kernels))


def blocks():
    """A convolution with what may stand behind it in a sequence."""
    for behind in ("relu", "pool", "relu pool", "pool relu"):
        for inputs, out, (batch, *size), groups in [(2, 5, (2, 5, 7), 1), (3, 18, (1, 4, 4), 1), (4, 4, (2, 3, 2), 2)]:
            name = f"Block-{behind.replace(' ', '-')}-" + text(inputs, out, tuple([batch, *size]), groups)
            draw = Inputs(name)

            def compute(x, parameters):
                x = F.conv2d(x, parameters["0.weight"], parameters["0.bias"], padding=1, groups=groups)
                for step in behind.split():
                    x = torch.relu(x) if step == "relu" else F.max_pool2d(x, 2)
                return x

            parameters = {"0." + key: value for key, value in weights(draw, True, out, out, inputs // groups, 3, 3).items()}
            yield case(name, "Block", compute, {"x": draw.normal(batch, inputs, *size)}, {"in": inputs, "out": out, "groups": groups, "behind": behind}, parameters)


def cases():
    for family in (plain, transposed, blocks):
        yield from family()
