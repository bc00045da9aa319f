"""Tensor operations: element-wise, activations, reductions, products, and what moves values."""
import torch
import torch.nn.functional as F
from golden import Inputs, case, exact

BROADCAST = [
    ((3, 4), (4,)), ((3, 1), (1, 5)), ((2, 1, 3), (4, 1)), ((3, 4), ()), ((), (2, 3)), ((), ()),
    ((0, 3), (3,)), ((0, 3), (0, 1)), ((1,), (1,)), ((2,), (2,)), ((3,), (3,)), ((17,), (17,)), ((33,), (1,)),
    ((5, 17), (17,)), ((3, 33), (3, 1)), ((2, 3, 4), (2, 3, 4)), ((4, 1, 3, 1), (2, 1, 5)),
]
SHAPES = [(), (0, 3), (1,), (2,), (3,), (17,), (33,), (3, 5)]


def size(shape):
    return "x".join(map(str, shape)) or "scalar"


def away_from_zero(x):
    return torch.where(x < 0, x - 0.5, x + 0.5)


def binary():
    operations = {
        "add": torch.add, "subtract": torch.sub, "multiply": torch.mul, "divide": torch.div,
        "power": torch.pow, "maximum": torch.maximum, "minimum": torch.minimum,
    }
    for op, compute in operations.items():
        for left, right in BROADCAST:
            name = f"{op}-{size(left)}-{size(right)}"
            draw = Inputs(name)
            a, b = draw.normal(*left), draw.normal(*right)
            if op == "divide":
                b = exact(away_from_zero(b))
            if op == "power":
                a = draw.uniform(0.3, 2, *left)
            yield case(name, op, compute, {"a": a, "b": b})


def unary():
    positive = {"sqrt": torch.sqrt, "log": torch.log}
    smooth = {
        "negate": torch.neg, "abs": torch.abs, "square": torch.square, "reciprocal": torch.reciprocal,
        "exp": torch.exp, "sin": torch.sin, "cos": torch.cos, **positive,
    }
    for op, compute in smooth.items():
        for shape in SHAPES:
            name = f"{op}-{size(shape)}"
            x = Inputs(name).normal(*shape)
            if op in positive:
                x = Inputs(name).uniform(0.05, 4, *shape)
            if op == "reciprocal":
                x = exact(away_from_zero(x))
            yield case(name, op, compute, {"x": x})
    for op, points in {
        "exp": [-100, -80, -20, -1, 0, 1, 20, 80], "log": [1e-30, 1e-3, 1, 1e3, 1e30],
        "sin": [-100, -10, -3.125, 0, 3.125, 10, 100], "cos": [-100, -10, -3.125, 0, 3.125, 10, 100],
        "abs": [-2, 0, 2], "sqrt": [1e-30, 1e-3, 1, 1e3, 1e30],
    }.items():
        # Not rounded to three decimals: these points are the ends of the range.
        x = torch.tensor(points, dtype=torch.float32).double()
        yield case(f"{op}-range", op, smooth[op], {"x": x}, upstream=torch.ones_like(x))
    for exponent in [2.0, 3.0, 0.5, -1.0, 0.0]:
        name = f"powerScalar-{exponent:g}"
        yield case(name, "powerScalar", lambda x: torch.pow(x, exponent), {"x": Inputs(name).uniform(0.3, 2, 17)},
                   {"exponent": exponent})
    name = "powerScalar-negativeBase"
    yield case(name, "powerScalar", lambda x: torch.pow(x, 3.0), {"x": Inputs(name).normal(17)}, {"exponent": 3.0})


ACTIVATIONS = [
    ("sigmoid", {}, torch.sigmoid), ("tanh", {}, torch.tanh), ("relu", {}, torch.relu),
    ("leakyRelu", {"slope": 0.01}, lambda x: F.leaky_relu(x, 0.01)),
    ("leakyRelu", {"slope": 0.2}, lambda x: F.leaky_relu(x, 0.2)),
    ("elu", {"alpha": 1.0}, lambda x: F.elu(x, 1.0)), ("elu", {"alpha": 0.5}, lambda x: F.elu(x, 0.5)),
    ("selu", {}, F.selu), ("gelu", {"approximate": False}, F.gelu),
    ("gelu", {"approximate": True}, lambda x: F.gelu(x, approximate="tanh")),
    ("silu", {}, F.silu), ("softplus", {}, F.softplus),
]


def activations():
    # The middle, the bend at zero, and where exp would overflow single precision.
    edges = torch.tensor([-100, -30, -10, -5, -2, -1, -0.5, -0.125, 0, 0.125, 0.5, 1, 2, 5, 10, 30, 100], dtype=torch.float64)
    for op, options, compute in ACTIVATIONS:
        suffix = "".join(f"-{value}" for value in options.values())
        for shape in SHAPES:
            name = f"{op}{suffix}-{size(shape)}"
            yield case(name, op, compute, {"x": exact(2 * Inputs(name).normal(*shape))}, options)
        yield case(f"{op}{suffix}-range", op, compute, {"x": edges}, options, upstream=torch.ones_like(edges))
    for op, compute in {"softmax": torch.softmax, "logSoftmax": torch.log_softmax}.items():
        for shape in [(1,), (2,), (3,), (17,), (33,), (3, 5), (2, 3, 4), (0, 3), (4, 1), (2, 65)]:
            for axis in range(len(shape)):
                name = f"{op}-{size(shape)}-axis{axis}"
                x = exact(3 * Inputs(name).normal(*shape))
                yield case(name, op, lambda x: compute(x, axis), {"x": x}, {"axis": axis})
        # Only a softmax that subtracts the maximum survives these rows.
        rows = torch.tensor([[1000.0, 999, 998], [-1000, -1001, -1002], [100, 0, -100], [0, 0, 0]])
        yield case(f"{op}-large", op, lambda x: compute(x, 1), {"x": rows}, {"axis": 1})


def reductions():
    whole = {"sum": torch.sum, "mean": torch.mean, "max": torch.max, "min": torch.min}
    along = {"sum": torch.sum, "mean": torch.mean, "max": torch.amax, "min": torch.amin}
    for op in whole:
        for shape in [(), (1,), (2,), (3,), (17,), (33,), (3, 5), (2, 3, 4), (5, 33), (33, 5), (2, 17, 3)]:
            name = f"{op}-{size(shape)}-all"
            yield case(name, op, whole[op], {"x": Inputs(name).distinct(*shape)}, {})
            for axis in range(len(shape)):
                for keep in (False, True):
                    name = f"{op}-{size(shape)}-axis{axis}{'-keep' if keep else ''}"
                    yield case(name, op, lambda x: along[op](x, axis, keep), {"x": Inputs(name).distinct(*shape)},
                               {"axis": axis, "keepDimensions": keep})
    for axis in (0, 1):
        yield case(f"sum-0x3-axis{axis}", "sum", lambda x: torch.sum(x, axis), {"x": torch.zeros(0, 3)},
                   {"axis": axis, "keepDimensions": False})
    yield case("sum-0x3-all", "sum", torch.sum, {"x": torch.zeros(0, 3)})


def products():
    triples = [
        (1, 1, 1), (2, 3, 1), (3, 2, 17), (17, 3, 2), (1, 17, 3), (3, 17, 1), (17, 33, 3), (33, 17, 2),
        (2, 65, 33), (65, 1, 17), (33, 33, 33), (3, 65, 65), (65, 3, 33), (1, 65, 33), (33, 65, 1),
        (0, 3, 2), (3, 0, 2), (3, 2, 0),
    ]
    for m, k, n in triples:
        for left in (False, True):
            for right in (False, True):
                name = f"matMul-{m}x{k}x{n}-{'T' if left else 'N'}{'T' if right else 'N'}"
                draw = Inputs(name)
                a = draw.normal(*((k, m) if left else (m, k)))
                b = draw.normal(*((n, k) if right else (k, n)))
                yield case(name, "matMul", lambda a, b: (a.T if left else a) @ (b.T if right else b), {"a": a, "b": b},
                           {"transposeA": left, "transposeB": right})
    batched = [
        ((2, 3, 4), (2, 4, 5)), ((2, 1, 3, 4), (5, 4, 2)), ((3, 4), (2, 4, 5)), ((2, 3, 4), (4, 5)),
        ((1, 3, 4), (6, 4, 2)), ((3, 17, 2), (3, 2, 17)), ((0, 3, 4), (0, 4, 5)), ((2, 3, 1, 2), (2, 1, 2, 3)),
    ]
    for left, right in batched:
        for a_t in (False, True):
            for b_t in (False, True):
                name = f"matMul-{size(left)}-{size(right)}-{'T' if a_t else 'N'}{'T' if b_t else 'N'}"
                draw = Inputs(name)
                a, b = draw.normal(*left), draw.normal(*right)
                if a_t:
                    a = a.mT.contiguous()
                if b_t:
                    b = b.mT.contiguous()
                yield case(name, "matMul", lambda a, b: (a.mT if a_t else a) @ (b.mT if b_t else b), {"a": a, "b": b},
                           {"transposeA": a_t, "transposeB": b_t})
    vectors = [((3,), (3, 4)), ((17,), (17, 33)), ((3, 4), (4,)), ((33, 17), (17,)), ((5,), (5,)), ((33,), (33,)),
               ((2, 3, 4), (4,)), ((3,), (2, 3, 4))]
    for left, right in vectors:
        name = f"matMul-{size(left)}-{size(right)}"
        draw = Inputs(name)
        yield case(name, "matMul", torch.matmul, {"a": draw.normal(*left), "b": draw.normal(*right)},
                   {"transposeA": False, "transposeB": False})


def movements():
    def one(op, shape, compute, options, suffix, constants=None):
        name = f"{op}-{size(shape)}-{suffix}"
        return case(name, op, compute, {"x": Inputs(name).normal(*shape)}, options, constants=constants)

    for shape, to in [((3, 4), (4, 3)), ((2, 3, 4), (6, 4)), ((12,), (2, 1, 6)), ((0, 3), (3, 0)), ((1,), ()), ((), (1, 1))]:
        yield one("reshape", shape, lambda x: x.reshape(to), {"shape": list(to)}, "to" + size(to))
    for shape, axes in [((3, 4), (1, 0)), ((2, 3, 4), (2, 0, 1)), ((2, 3, 4), (0, 2, 1)), ((2, 3, 4, 5), (3, 1, 0, 2)),
                        ((17, 33), (1, 0)), ((0, 3), (1, 0)), ((3,), (0,))]:
        yield one("permute", shape, lambda x: x.permute(axes), {"axes": list(axes)}, "".join(map(str, axes)))
    for shape, a, b in [((3, 4), 0, 1), ((2, 3, 4), 0, 2), ((2, 3, 4), 1, 2), ((33, 17), 0, 1), ((1, 5), 0, 1)]:
        yield one("transpose", shape, lambda x: x.transpose(a, b), {"axis0": a, "axis1": b}, f"{a}{b}")
    for shape, axis, start, stop, step in [
        ((5,), 0, 1, 4, 1), ((5,), 0, 0, 5, 1), ((5,), 0, 2, 2, 1), ((4, 5), 0, 1, 3, 1), ((4, 5), 1, 1, 4, 1),
        ((2, 3, 4), 1, 0, 2, 1), ((2, 3, 17), 2, 3, 16, 1), ((2, 3, 4), 0, 1, 2, 1), ((7,), 0, 0, 7, 2), ((4, 9), 1, 1, 8, 3),
    ]:
        index = lambda x: x[tuple([slice(None)] * axis + [slice(start, stop, step)])]
        yield one("slice", shape, index, {"axis": axis, "start": start, "stop": stop, "step": step},
                  f"axis{axis}-{start}-{stop}-{step}")
    # Rows that are taken twice must add their gradients.
    for shape, axis, rows in [((5, 3), 0, [0, 4, 4, 2]), ((5, 17), 0, [1]), ((4,), 0, [3, 3, 3, 0]), ((5, 3), 0, []),
                              ((3, 6), 1, [5, 0, 5]), ((2, 3, 4), 0, [1, 1, 0])]:
        chosen = torch.tensor(rows, dtype=torch.int64)
        yield one("indexSelect", shape, lambda x: x.index_select(axis, chosen), {"axis": axis}, f"axis{axis}-{len(rows)}",
                  {"indices": chosen})
    for shape, axis, other in [((4, 5), 1, (4, 1)), ((4, 5), 1, (4, 3)), ((4, 5), 0, (2, 5)), ((6,), 0, (9,)), ((2, 3, 4), 2, (2, 3, 2))]:
        chosen = Inputs(f"gather-indices-{shape}-{axis}-{other}").integers(shape[axis], *other)
        yield one("gather", shape, lambda x: x.gather(axis, chosen), {"axis": axis}, f"axis{axis}-{size(other)}",
                  {"indices": chosen})
    for shape, to in [((3,), (4, 3)), ((3, 1), (3, 5)), ((), (2, 2)), ((1, 4), (0, 4)), ((2, 1, 3), (2, 17, 3))]:
        yield one("broadcastTo", shape, lambda x: x.expand(to), {"shape": list(to)}, "to" + size(to))
    for shapes, axis in [
        (((2, 3), (4, 3)), 0), (((2, 3), (2, 1), (2, 4)), 1), (((3,), (0,), (2,)), 0), (((2, 3, 4), (2, 3, 1)), 2),
        (((2, 1, 4), (2, 5, 4)), 1), (((1, 2, 3), (3, 2, 3)), 0), (((17,), (33,)), 0), (((4, 2),), 1),
    ]:
        name = "concat-" + "-".join(map(size, shapes)) + f"-axis{axis}"
        draw = Inputs(name)
        yield case(name, "concat", lambda *parts: torch.cat(parts, axis),
                   {f"x{i}": draw.normal(*shape) for i, shape in enumerate(shapes)}, {"axis": axis})
    for shape, count, axis in [((3,), 2, 0), ((3,), 2, 1), ((2, 3), 3, 0), ((2, 3), 3, 1), ((2, 3), 3, 2), ((), 4, 0), ((5,), 1, 0)]:
        name = f"stack-{size(shape)}-{count}-axis{axis}"
        draw = Inputs(name)
        yield case(name, "stack", lambda *parts: torch.stack(parts, axis),
                   {f"x{i}": draw.normal(*shape) for i in range(count)}, {"axis": axis})


def cases():
    for family in (binary, unary, activations, reductions, products, movements):
        yield from family()
