"""Losses, each the mean over its samples. The upstream gradient of the scalar is 1, or 0.75 to see that it is used."""
import torch
import torch.nn.functional as F
from golden import Inputs, case, exact

SIZES = [(1, 1), (3, 1), (4, 3), (17, 5), (33,)]
UPSTREAMS = [1.0, 0.75]


def regression():
    kinds = [
        ("MeanSquaredError", {}, F.mse_loss), ("MeanAbsoluteError", {}, F.l1_loss),
        ("Huber", {"delta": 1.0}, lambda y, t: F.huber_loss(y, t, delta=1.0)),
        ("Huber", {"delta": 0.5}, lambda y, t: F.huber_loss(y, t, delta=0.5)),
    ]
    for op, options, compute in kinds:
        for shape in SIZES:
            for upstream in UPSTREAMS:
                name = f"{op}{''.join(f'-{v}' for v in options.values())}-{'x'.join(map(str, shape))}-{upstream}"
                draw = Inputs(name)
                yield case(name, op, compute, {"prediction": draw.normal(*shape), "target": draw.normal(*shape)}, options,
                           upstream=torch.tensor(upstream))


def cross_entropy():
    for rows, classes in [(1, 2), (3, 3), (5, 4), (17, 10), (4, 33)]:
        for weighted in (False, True):
            for smoothing in (0.0, 0.1):
                for ignored in (False, True):
                    if ignored and rows == 1:
                        continue
                    name = f"CrossEntropy-{rows}x{classes}{'-weights' if weighted else ''}" \
                           f"{'-smoothing' if smoothing else ''}{'-ignored' if ignored else ''}"
                    draw = Inputs(name)
                    logits, labels = exact(2 * draw.normal(rows, classes)), draw.integers(classes, rows)
                    weights = draw.uniform(0.2, 3, classes) if weighted else None
                    if ignored:
                        labels[1] = -100
                    options = {"smoothing": smoothing, "ignoredLabel": -100}
                    if weighted:
                        options["classWeights"] = [round(value, 3) for value in weights.tolist()]
                    yield case(name, "CrossEntropy", lambda logits: F.cross_entropy(logits, labels, weights, label_smoothing=smoothing),
                               {"logits": logits}, options, constants={"labels": labels},
                               upstream=torch.tensor(UPSTREAMS[rows % 2]))
    # A softmax or a logarithm of its own would give infinity here.
    logits = torch.tensor([[100.0, 0, -100], [-1000, 0, 1000]])
    yield case("CrossEntropy-large", "CrossEntropy", lambda x: F.cross_entropy(x, torch.tensor([2, 0])), {"logits": logits},
               {"smoothing": 0.0, "ignoredLabel": -100}, constants={"labels": torch.tensor([2, 0])}, upstream=torch.tensor(1.0))


def binary():
    for shape in SIZES:
        size = "x".join(map(str, shape))
        for weight in (None, 2.5):
            name = f"BinaryCrossEntropy-logits-{size}{'-positiveWeight' if weight else ''}"
            draw = Inputs(name)
            targets = draw.integers(2, *shape).double()
            options = {"logits": True, "positiveWeight": weight or 1.0}
            pos = None if weight is None else torch.tensor(weight)
            # The targets are data: they get no gradient, so they stand with the labels.
            yield case(name, "BinaryCrossEntropy",
                       lambda x: F.binary_cross_entropy_with_logits(x, targets, pos_weight=pos),
                       {"prediction": exact(2 * draw.normal(*shape))}, options, constants={"target": targets},
                       upstream=torch.tensor(UPSTREAMS[weight is None]))
        name = f"BinaryCrossEntropy-softTargets-{size}"
        draw = Inputs(name)
        soft = draw.uniform(0, 1, *shape)
        yield case(name, "BinaryCrossEntropy", lambda x: F.binary_cross_entropy_with_logits(x, soft),
                   {"prediction": exact(2 * draw.normal(*shape))}, {"logits": True, "positiveWeight": 1.0},
                   constants={"target": soft}, upstream=torch.tensor(1.0))
        name = f"BinaryCrossEntropy-probabilities-{size}"
        draw = Inputs(name)
        targets = draw.integers(2, *shape).double()
        yield case(name, "BinaryCrossEntropy", lambda p: F.binary_cross_entropy(p, targets),
                   {"prediction": draw.uniform(0.02, 0.98, *shape)}, {"logits": False, "positiveWeight": 1.0},
                   constants={"target": targets}, upstream=torch.tensor(1.0))
    x = torch.tensor([100.0, -100, 40, -40])
    yield case("BinaryCrossEntropy-logits-large", "BinaryCrossEntropy",
               lambda x: F.binary_cross_entropy_with_logits(x, torch.tensor([0.0, 1, 1, 0])), {"prediction": x},
               {"logits": True, "positiveWeight": 1.0}, constants={"target": torch.tensor([0.0, 1, 1, 0])}, upstream=torch.tensor(1.0))


def cases():
    for family in (regression, cross_entropy, binary):
        yield from family()
