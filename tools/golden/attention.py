"""Embedding, attention in all options, and the blocks of a transformer."""
import torch
import torch.nn.functional as F
from golden import Inputs, case, exact


def embedding():
    for shape, count, size, padding in [((3, 4), 6, 5, None), ((7,), 3, 17, 1)]:
        name = f"Embedding-{'x'.join(map(str, shape))}-{count}x{size}-{padding}"
        draw = Inputs(name)
        indices = draw.integers(count, *shape)
        options = {"count": count, "size": size} | ({} if padding is None else {"padding": padding})
        yield case(name, "Embedding", lambda parameters: F.embedding(indices, parameters["weight"], padding_idx=padding),
                   {}, options, {"weight": draw.normal(count, size)}, {"x": indices})


def attention():
    described = [
        ("plain", (2, 2, 5, 4), (2, 2, 7, 4), 4, {}),
        ("causal", (1, 2, 18, 5), (1, 2, 18, 5), 5, {"causal": True}),
        ("causal-more-keys", (1, 1, 3, 4), (1, 1, 6, 4), 2, {"causal": True}),
        ("causal-fewer-keys", (1, 1, 6, 4), (1, 1, 3, 4), 4, {"causal": True, "scale": 0.7}),
        ("grouped", (1, 4, 15, 3), (1, 2, 9, 3), 6, {"scale": 1.5}),
        ("mask", (2, 2, 16, 4), (2, 2, 6, 4), 4, {"mask": (16, 6)}),
        ("lengths", (3, 1, 4, 4), (3, 1, 6, 4), 4, {"lengths": [6, 2, 5]}),
    ]
    for kind, q, k, value_size, options in described:
        name = "Attention-" + kind
        draw = Inputs(name)
        inputs = {"q": draw.normal(*q), "k": draw.normal(*k), "v": draw.normal(*k[:3], value_size)}
        mask = exact(2 * draw.normal(*options["mask"])) if "mask" in options else None
        written = dict(options)
        if mask is not None:
            written |= {"mask": mask.reshape(-1).tolist(), "maskShape": list(mask.shape)}

        def compute(q, k, v):
            added = mask
            if "lengths" in options:
                seen = torch.arange(k.shape[2])[None, :] < torch.tensor(options["lengths"])[:, None]
                added = torch.zeros(seen.shape).masked_fill(~seen, float("-inf"))[:, None, None, :]
            return F.scaled_dot_product_attention(q, k, v, attn_mask=added, is_causal=options.get("causal", False),
                                                  scale=options.get("scale"), enable_gqa=q.shape[1] != k.shape[1])

        yield case(name, "Attention", compute, inputs, written)


def drawn(module, draw):
    """The module's parameters by name, with values that matter."""
    return {key: exact(0.5 * draw.normal(*value.shape)) + (1 if key.startswith("norm") and key.endswith("weight") else 0)
            for key, value in module.named_parameters()}


def run(module, parameters, *inputs, **options):
    return torch.func.functional_call(module, parameters, inputs, options)


def multihead():
    described = [
        ("self", 8, 2, {}, (2, 5, 8), None, None),
        ("self-causal", 8, 4, {"causal": True, "bias": False}, (1, 6, 8), None, None),
        ("self-lengths", 6, 1, {"lengths": [2, 4]}, (2, 4, 6), None, None),
        ("cross", 8, 2, {}, (2, 3, 8), (2, 5, 8), (2, 5, 8)),
        ("cross-widths", 8, 2, {"keyWidth": 5, "valueWidth": 3}, (2, 3, 8), (2, 4, 5), (2, 4, 3)),
    ]
    for kind, width, heads, options, q, k, v in described:
        name = "MultiheadAttention-" + kind
        draw = Inputs(name)
        module = torch.nn.MultiheadAttention(width, heads, bias=options.get("bias", True), batch_first=True,
                                             kdim=options.get("keyWidth"), vdim=options.get("valueWidth"))
        inputs = {"q": draw.normal(*q)} | ({} if k is None else {"k": draw.normal(*k), "v": draw.normal(*v)})
        count = (k or q)[1]
        causal = torch.triu(torch.ones(q[1], count, dtype=torch.bool), 1) if options.get("causal") else None
        padding = torch.arange(count)[None, :] >= torch.tensor(options["lengths"])[:, None] if "lengths" in options else None

        def compute(*tensors, parameters):
            query, key, value = tensors if len(tensors) == 3 else tensors * 3
            return run(module, parameters, query, key, value, need_weights=False, attn_mask=causal, key_padding_mask=padding)[0]

        yield case(name, "MultiheadAttention", compute, inputs, {"width": width, "heads": heads} | options, drawn(module, draw))


def encoder():
    for activation in ("relu", "gelu"):
        for first in (False, True):
            name = f"TransformerEncoderLayer-{activation}-{'first' if first else 'last'}"
            draw = Inputs(name)
            module = torch.nn.TransformerEncoderLayer(6, 2, 10, dropout=0.0, activation=activation, batch_first=True, norm_first=first)
            yield case(name, "TransformerEncoderLayer", lambda x, parameters: run(module, parameters, x), {"x": draw.normal(2, 4, 6)},
                       {"width": 6, "heads": 2, "inner": 10, "activation": activation, "normFirst": first}, drawn(module, draw))


def rotary():
    for halves in (False, True):
        name = f"Rotary-{'halves' if halves else 'interleaved'}"
        draw = Inputs(name)
        size, tokens = 6, 5
        angles = torch.outer(torch.arange(tokens, dtype=torch.float64), 100.0 ** (-2 * torch.arange(size // 2, dtype=torch.float64) / size))

        def turn(x):
            a, b = (x[..., :size // 2], x[..., size // 2:]) if halves else (x[..., 0::2], x[..., 1::2])
            first, second = a * angles.cos() - b * angles.sin(), a * angles.sin() + b * angles.cos()
            return torch.cat((first, second), -1) if halves else torch.stack((first, second), -1).flatten(-2)

        def compute(x):
            heads = x.view(2, tokens, 2, size).transpose(1, 2)
            return turn(heads).transpose(1, 2).reshape(2, tokens, 2 * size)

        yield case(name, "Rotary", compute, {"x": draw.normal(2, tokens, 2 * size)}, {"heads": 2, "size": size, "base": 100, "halves": halves})


def cases():
    for family in (embedding, attention, multihead, encoder, rotary):
        yield from family()
