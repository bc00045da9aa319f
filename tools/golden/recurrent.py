"""Recurrent layers: outputs and final states joined into one vector, for every option."""
import torch
from golden import Inputs, case, exact
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

MODULES = {"Rnn": torch.nn.RNN, "Lstm": torch.nn.LSTM, "Gru": torch.nn.GRU}
# name: steps, batch, in, hidden, layers, options
SHAPES = {
    "plain": (4, 2, 3, 4, 1, {}),
    "noBias": (3, 2, 3, 2, 1, {"bias": False}),
    "oneUnit": (2, 1, 1, 1, 1, {}),
    "wide": (2, 3, 5, 17, 1, {"batchFirst": True}),
    "states": (3, 2, 2, 3, 1, {"states": True}),
    "deep": (3, 2, 3, 4, 3, {"states": True, "batchFirst": True}),
    "bidirectional": (3, 2, 3, 4, 1, {"bidirectional": True, "states": True}),
    "lengths": (5, 4, 2, 3, 1, {"lengths": [3, 5, 1, 4]}),
    "all": (4, 3, 3, 3, 2, {"bidirectional": True, "states": True, "batchFirst": True, "lengths": [2, 4, 3]}),
}


def run(module, options, inputs, parameters):
    x, *states = inputs
    state = None if not states else states[0] if len(states) == 1 else tuple(states)
    first = options.get("batchFirst", False)
    if "lengths" in options:
        x = pack_padded_sequence(x, options["lengths"], batch_first=first, enforce_sorted=False)
    y, last = torch.func.functional_call(module, parameters, (x, state))
    if "lengths" in options:
        y, _ = pad_packed_sequence(y, batch_first=first)
    last = last if isinstance(last, tuple) else (last,)
    return torch.cat([part.reshape(-1) for part in (y, *last)])


def cases():
    for kind, make in MODULES.items():
        for shape, (steps, batch, inputs, hidden, layers, options) in SHAPES.items():
            for relu in (False, True) if kind == "Rnn" and shape in ("plain", "lengths") else (False,):
                name = f"{kind}-{shape}{'-relu' if relu else ''}"
                draw = Inputs(name)
                first, both = options.get("batchFirst", False), options.get("bidirectional", False)
                more = {"nonlinearity": "relu"} if relu else {}
                module = make(inputs, hidden, layers, bias=options.get("bias", True), batch_first=first, bidirectional=both, **more)
                parameters = {key: exact(0.6 * draw.normal(*value.shape)) for key, value in module.named_parameters()}
                tensors = {"x": draw.normal(*((batch, steps) if first else (steps, batch)), inputs)}
                if options.get("states"):
                    for state in ("h", "c") if kind == "Lstm" else ("h",):
                        tensors[state] = draw.normal(layers * (2 if both else 1), batch, hidden)
                stated = {"in": inputs, "hidden": hidden, "layers": layers, "bias": options.get("bias", True), "batchFirst": first,
                          "bidirectional": both, "relu": relu}
                if "lengths" in options:
                    stated["lengths"] = options["lengths"]
                yield case(name, kind, lambda *values, parameters: run(module, options, values, parameters), tensors, stated, parameters)


def ctc():
    """Connectionist temporal classification of logits, through their log softmax."""
    shapes = {
        # steps, batch, classes, steps of each, labels of each
        "plain": (6, 3, 4, [6, 6, 6], [2, 3, 2], {}),
        "lengths": (8, 4, 5, [8, 3, 5, 1], [3, 1, 0, 1], {}),
        "blank": (5, 2, 4, [5, 4], [2, 2], {"blank": 3}),
        "short": (4, 3, 4, [4, 1, 2], [2, 3, 1], {"zeroInfinity": True}),
    }
    for shape, (steps, batch, classes, lengths, counts, options) in shapes.items():
        for reduction in ("mean", "sum", "none"):
            name = f"CtcLoss-{shape}-{reduction}"
            draw = Inputs(name)
            blank = options.get("blank", 0)
            logits = draw.normal(steps, batch, classes)
            drawn = draw.integers(classes - 1, batch, max(counts))
            labels = drawn + (drawn >= blank).long()
            # A label twice in a row needs a blank between.
            labels[0, :2] = labels[0, 0]

            def compute(x):
                return torch.nn.functional.ctc_loss(x.log_softmax(-1), labels, torch.tensor(lengths), torch.tensor(counts), blank=blank,
                                                    reduction=reduction, zero_infinity=options.get("zeroInfinity", False))

            stated = {"steps": lengths, "counts": counts, "blank": blank, "zeroInfinity": options.get("zeroInfinity", False), "reduction": reduction}
            yield case(name, "CtcLoss", compute, {"x": logits}, stated, constants={"labels": labels})
