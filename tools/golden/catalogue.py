"""The rest of the losses, with all reductions. Pairs of tensors are inputs where PyTorch gives both a gradient."""
import math
import torch
import torch.nn.functional as F
from golden import Inputs, case, exact

REDUCTIONS = ["mean", "sum", "none"]
NAMES = {"mean": "Mean", "sum": "Sum", "none": "None", "batchmean": "BatchMean"}
ROWS, CLASSES = 5, 7


def one(op, compute, inputs, options=None, constants=None, kind=""):
    options = dict(options or {})
    name = "-".join([op] + ([kind] if kind else []) + [f"{key}{value}" for key, value in options.items() if not isinstance(value, list)])
    made = {key: make(Inputs(f"{name}/{key}")) for key, make in inputs.items()}
    kept = {key: make(Inputs(f"{name}/{key}")) for key, make in (constants or {}).items()}
    return case(name, op, lambda *x: compute(*x, **kept), made, options, constants=kept)


def normal(draw):
    return exact(2 * draw.normal(ROWS, CLASSES))


def signs(draw):
    return (2 * draw.integers(2, ROWS, CLASSES) - 1).double()


def bits(draw):
    return draw.integers(2, ROWS, CLASSES).double()


def labels(draw):
    return draw.integers(CLASSES, ROWS)


def shares(draw):
    t = draw.uniform(0.05, 1, ROWS, CLASSES)
    t[0, 0] = t[1, 2] = 0
    return exact(t / t.sum(-1, keepdim=True))


def logarithms(draw):
    return exact(F.log_softmax(2 * draw.normal(ROWS, CLASSES), -1))


def counts(draw):
    return draw.integers(6, ROWS, CLASSES).double()


WEIGHTS = [0.5, 1.25, 2, 0.75, 1, 3, 0.25]
W = torch.tensor(WEIGHTS)


def simple():
    """Losses of Pondus's first list, in the reductions that are not their mean."""
    for r in ("sum", "none"):
        o = {"reduction": NAMES[r]}
        yield one("MeanSquaredError", lambda x, target: F.mse_loss(x, target, reduction=r), {"prediction": normal}, o, {"target": normal})
        yield one("MeanAbsoluteError", lambda x, target: F.l1_loss(x, target, reduction=r), {"prediction": normal}, o, {"target": normal})
        yield one("Huber", lambda x, target: F.huber_loss(x, target, delta=0.5, reduction=r), {"prediction": normal}, o, {"target": normal})
        yield one("BinaryCrossEntropy", lambda x, target: F.binary_cross_entropy_with_logits(x, target, reduction=r, pos_weight=torch.tensor(2.5)),
                  {"prediction": normal}, {"positiveWeight": 2.5} | o, {"target": bits})
        yield one("BinaryCrossEntropyOnProbabilities", lambda x, target: F.binary_cross_entropy(x, target, reduction=r),
                  {"prediction": lambda d: d.uniform(0.02, 0.98, ROWS, CLASSES)}, o, {"target": bits})
    for r in REDUCTIONS:
        o = {"reduction": NAMES[r]}
        for beta in (0.0, 0.5, 2.0):
            yield one("SmoothL1", lambda x, target: F.smooth_l1_loss(x, target, beta=beta, reduction=r), {"prediction": normal}, {"beta": beta} | o, {"target": normal})
        yield one("SoftMargin", lambda x, target: F.soft_margin_loss(x, target, reduction=r), {"prediction": normal}, o, {"target": signs})
        yield one("HingeEmbedding", lambda x, target: F.hinge_embedding_loss(x, target, margin=1.5, reduction=r), {"prediction": normal}, {"margin": 1.5} | o, {"target": signs})
        for weights in (None, WEIGHTS):
            yield one("MultiLabelSoftMargin", lambda x, target: F.multilabel_soft_margin_loss(x, target, None if weights is None else W, reduction=r),
                      {"prediction": normal}, o | ({"classWeights": weights} if weights else {}), {"target": bits}, "weights" if weights else "")
        yield one("MultiLabelMargin", lambda x, target: F.multilabel_margin_loss(x, lists(target), reduction=r), {"prediction": normal}, o, {"target": bits})
        yield one("Hinge", lambda x, target: reduce((1.5 - x * target).clamp_min(0) ** 2, r), {"prediction": normal}, {"margin": 1.5, "power": 2} | o, {"target": signs}, "binary")
    for r in ("mean", "sum", "none", "batchmean"):
        o = {"reduction": NAMES[r]}
        yield one("KullbackLeibler", lambda x, target: F.kl_div(x, target, reduction=r), {"prediction": logarithms}, {"logarithmicTargets": False} | o, {"target": shares})
        yield one("KullbackLeibler", lambda x, t: F.kl_div(x, t, reduction=r, log_target=True), {"prediction": logarithms, "target": logarithms}, {"logarithmicTargets": True} | o)


def lists(bits_):
    rows = torch.full(bits_.shape, -1, dtype=torch.int64)
    for row, chosen in zip(rows, bits_):
        found = chosen.nonzero().reshape(-1)
        row[:len(found)] = found
    return rows


def reduce(losses, how):
    return losses.mean() if how == "mean" else losses.sum() if how == "sum" else losses


def of_classes():
    for r in REDUCTIONS:
        for weights in (None, WEIGHTS):
            o = {"reduction": NAMES[r]} | ({"classWeights": weights} if weights else {})
            w, kind = (None if weights is None else W), ("weights" if weights else "")

            def some(draw):
                t = labels(draw)
                t[1] = -100
                return t
            yield one("NegativeLogLikelihood", lambda x, labels: F.nll_loss(x, labels, w, reduction=r), {"prediction": logarithms}, o, {"labels": some}, kind)
            for power in (1, 2):
                yield one("Hinge", lambda x, labels: F.multi_margin_loss(x, labels, p=power, margin=0.75, weight=w, reduction=r), {"prediction": normal},
                          {"margin": 0.75, "power": power} | o, {"labels": labels}, "classes" + kind)
            for smoothing in (0.0, 0.1):
                more = {"smoothing": smoothing} | o
                if r != "mean":
                    yield one("CrossEntropy", lambda x, labels: F.cross_entropy(x, labels, w, reduction=r, label_smoothing=smoothing), {"prediction": normal}, more, {"labels": some}, kind)
                yield one("CrossEntropy", lambda x, target: F.cross_entropy(x, target, w, reduction=r, label_smoothing=smoothing), {"prediction": normal}, more, {"target": shares}, "shares" + kind)
            for gamma in (0.0, 0.5, 2.0):
                def focal(x, labels):
                    kept = labels != -100
                    at = labels.clamp_min(0)
                    log_p = F.log_softmax(x, -1).gather(-1, at[:, None])[:, 0]
                    losses = -((1 - log_p.exp()) ** gamma) * log_p * (1 if w is None else w[at]) * kept
                    return losses.sum() / kept.sum() if r == "mean" else reduce(losses, r)
                yield one("Focal", focal, {"prediction": normal}, {"gamma": gamma} | o, {"labels": some}, "classes" + kind)
        for gamma, alpha in ((0.0, 0.25), (2.0, 0.25), (0.5, 0.75), (3.0, -1.0)):
            def sigmoid_focal(x, target):
                # As torchvision.ops.sigmoid_focal_loss.
                p, ce = torch.sigmoid(x), F.binary_cross_entropy_with_logits(x, target, reduction="none")
                losses = ce * (1 - (p * target + (1 - p) * (1 - target))) ** gamma
                return reduce(losses if alpha < 0 else losses * (alpha * target + (1 - alpha) * (1 - target)), r)
            yield one("Focal", sigmoid_focal, {"prediction": normal}, {"gamma": gamma, "alpha": alpha, "reduction": NAMES[r]}, {"target": bits}, "binary")


def likelihoods():
    for r in REDUCTIONS:
        for full in (False, True):
            o = {"full": full, "reduction": NAMES[r]}
            yield one("PoissonNegativeLogLikelihood", lambda x, target: F.poisson_nll_loss(x, target, log_input=True, full=full, reduction=r), {"prediction": normal},
                      {"logarithmicInput": True} | o, {"target": counts})
            yield one("PoissonNegativeLogLikelihood", lambda x, target: F.poisson_nll_loss(x, target, log_input=False, full=full, reduction=r),
                      {"prediction": lambda d: d.uniform(0.05, 5, ROWS, CLASSES)}, {"logarithmicInput": False} | o, {"target": counts})
            yield one("GaussianNegativeLogLikelihood", lambda m, v, t: F.gaussian_nll_loss(m, t, v, full=full, reduction=r),
                      {"mean": normal, "variance": lambda d: d.uniform(0.1, 3, ROWS, CLASSES), "target": normal}, o)


def pairs():
    for r in REDUCTIONS:
        o = {"reduction": NAMES[r]}
        yield one("CosineEmbedding", lambda a, b, target: F.cosine_embedding_loss(a, b, target, margin=0.1, reduction=r), {"first": normal, "second": normal},
                  {"margin": 0.1} | o, {"target": lambda d: (2 * d.integers(2, ROWS) - 1).double()})
        yield one("MarginRanking", lambda a, b, target: F.margin_ranking_loss(a, b, target, margin=0.5, reduction=r), {"first": normal, "second": normal},
                  {"margin": 0.5} | o, {"target": signs})
        for order, swap in ((2.0, False), (2.0, True), (1.0, True), (3.0, False)):
            yield one("Triplet", lambda a, p, n: F.triplet_margin_loss(a, p, n, margin=2.0, p=order, swap=swap, reduction=r),
                      {"anchor": normal, "positive": normal, "negative": normal}, {"margin": 2.0, "order": order, "swap": swap} | o)
    for temperature in (0.1, 1.0):
        def scores(a, b):
            return F.normalize(a, dim=-1) @ F.normalize(b, dim=-1).T / temperature
        place = torch.arange(ROWS)
        yield one("InfoNce", lambda a, b: F.cross_entropy(scores(a, b), place), {"first": normal, "second": normal}, {"temperature": temperature, "symmetric": False})
        yield one("InfoNce", lambda a, b: (F.cross_entropy(scores(a, b), place) + F.cross_entropy(scores(b, a), place)) / 2,
                  {"first": normal, "second": normal}, {"temperature": temperature, "symmetric": True})

        def nt_xent(a, b):
            z = torch.cat([a, b])
            return F.cross_entropy(scores(z, z) + torch.diag(torch.full((2 * ROWS,), -math.inf)), (torch.arange(2 * ROWS) + ROWS) % (2 * ROWS))
        yield one("NtXent", nt_xent, {"first": normal, "second": normal}, {"temperature": temperature})


def cases():
    for family in (simple, of_classes, likelihoods, pairs):
        yield from family()
