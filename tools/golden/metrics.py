"""Writes tests/Pondus.Tests/Golden/metrics.json: what scikit-learn says of drawn predictions. Any Python with sklearn 1.2 or later.

    python3 tools/golden/metrics.py [--check]
"""
import json
import math
import pathlib
import sys
import warnings

import numpy as np
from sklearn import metrics as m

PATH = pathlib.Path(__file__).resolve().parents[2] / "tests" / "Pondus.Tests" / "Golden" / "metrics.json"
AVERAGES = ["macro", "micro", "weighted"]


def of_classes(draw, count, classes, weighted):
    y = draw.integers(0, classes, count)
    predicted = np.where(draw.random(count) < 0.6, y, draw.integers(0, classes, count))
    weights = np.round(draw.uniform(0.2, 3, count), 3) if weighted else None
    w = {"sample_weight": weights}
    all_ = {"labels": list(range(classes))} | w
    values = {
        "accuracy": m.accuracy_score(y, predicted, **w), "balancedAccuracy": m.balanced_accuracy_score(y, predicted, **w),
        "matthewsCorrelation": m.matthews_corrcoef(y, predicted, **w), "cohenKappa": m.cohen_kappa_score(y, predicted, **all_),
        "confusion": m.confusion_matrix(y, predicted, **all_).reshape(-1).tolist(),
        "precisionOfClasses": m.precision_score(y, predicted, average=None, zero_division=0, **all_).tolist(),
        "recallOfClasses": m.recall_score(y, predicted, average=None, zero_division=0, **all_).tolist(),
        "f2OfClasses": m.fbeta_score(y, predicted, beta=2, average=None, zero_division=0, **all_).tolist(),
    }
    averages = AVERAGES + (["binary"] if classes == 2 else [])
    for a in averages:
        for name, score in (("precision", m.precision_score), ("recall", m.recall_score), ("f1", m.f1_score), ("jaccard", m.jaccard_score)):
            extra = w if a == "binary" else all_
            values[f"{name}-{a}"] = score(y, predicted, average=a, zero_division=0, **extra)
        values[f"f0.5-{a}"] = m.fbeta_score(y, predicted, beta=0.5, average=a, zero_division=0, **(w if a == "binary" else all_))
    return {"kind": "classes", "classes": classes, "labels": y.tolist(), "predicted": predicted.tolist(), "weights": listed(weights), "values": values}


def of_scores(draw, count, ties, weighted):
    y = draw.integers(0, 2, count)
    y[:2] = 0, 1
    p = np.clip(0.5 * y + draw.uniform(-0.1, 0.6, count), 0.01, 0.99)
    p = np.round(p, 1 if ties else 4)
    weights = np.round(draw.uniform(0.2, 3, count), 3) if weighted else None
    w = {"sample_weight": weights}
    curve = m.roc_curve(y, p, drop_intermediate=False, **w)
    return {"kind": "scores", "classes": 1, "labels": y.tolist(), "scores": p.tolist(), "weights": listed(weights), "values": {
        "rocAuc": m.roc_auc_score(y, p, **w), "rocAuc-0.3": m.roc_auc_score(y, p, max_fpr=0.3, **w), "averagePrecision": m.average_precision_score(y, p, **w),
        "brierScore": m.brier_score_loss(y, p, **w), "logLoss": m.log_loss(y, p, **w), "falsePositives": curve[0].tolist(), "truePositives": curve[1].tolist()}}


def of_probabilities(draw, count, classes, ties):
    y = np.concatenate([np.arange(classes), draw.integers(0, classes, count - classes)])
    logits = draw.standard_normal((count, classes)) + 1.5 * (y[:, None] == np.arange(classes))
    p = np.exp(logits)
    p /= p.sum(-1, keepdims=True)
    if ties:
        p = np.floor(p * 8) + 1
        p /= p.sum(-1, keepdims=True)
    one_hot = (y[:, None] == np.arange(classes)).astype(float)
    values = {f"rocAuc-{kind}-{a}": m.roc_auc_score(y, p, multi_class=kind, average=a) for kind in ("ovr", "ovo") for a in ("macro", "weighted")}
    values |= {f"averagePrecision-{a}": m.average_precision_score(one_hot, p, average=a) for a in ("macro", "weighted")}
    values |= {f"top-{k}": m.top_k_accuracy_score(y, p, k=k) for k in (1, 2, 3)}
    values |= {"logLoss": m.log_loss(y, p), "brierScore": float(((p - one_hot) ** 2).sum(-1).mean())}
    return {"kind": "probabilities", "classes": classes, "labels": y.tolist(), "scores": p.reshape(-1).tolist(), "values": values}


def of_numbers(draw, count, scale):
    t = np.float32(np.round(scale * draw.standard_normal(count), 3)).astype(float)
    p = np.float32(np.round(t + 0.3 * scale * draw.standard_normal(count), 3)).astype(float)
    return {"kind": "numbers", "targets": t.tolist(), "predictions": p.tolist(), "values": {
        "rSquared": m.r2_score(t, p), "explainedVariance": m.explained_variance_score(t, p), "meanAbsoluteError": m.mean_absolute_error(t, p),
        "meanSquaredError": m.mean_squared_error(t, p), "rootMeanSquaredError": math.sqrt(m.mean_squared_error(t, p)),
        "medianAbsoluteError": m.median_absolute_error(t, p), "meanAbsolutePercentageError": m.mean_absolute_percentage_error(t, p)}}


def listed(weights):
    return [] if weights is None else weights.tolist()


def cases():
    warnings.simplefilter("ignore")
    draw = np.random.Generator(np.random.PCG64(11))
    for count, classes in ((1, 2), (2, 2), (30, 2), (12, 5), (60, 4), (9, 8)):
        for weighted in (False, True):
            yield of_classes(draw, count, classes, weighted)
    for count in (4, 25, 60):
        for ties in (False, True):
            for weighted in (False, True):
                yield of_scores(draw, count, ties, weighted)
    for count, classes in ((12, 3), (30, 4), (25, 6)):
        for ties in (False, True):
            yield of_probabilities(draw, count, classes, ties)
    for count, scale in ((2, 1), (7, 10), (40, 1), (101, 1000)):
        yield of_numbers(draw, count, scale)


def number(value):
    if isinstance(value, dict):
        return {key: number(one) for key, one in value.items()}
    if isinstance(value, list):
        return [number(one) for one in value]
    if isinstance(value, (float, np.floating)):
        return "NaN" if math.isnan(value) else float(f"{value:.15g}")
    return value


def main():
    made = [number(one) for one in cases()]
    if "--check" in sys.argv[1:]:
        stored = json.loads(PATH.read_text(encoding="ascii"))
        flat = [json.dumps(one, sort_keys=True) for one in made]
        wrong = [i for i, one in enumerate(stored) if json.dumps(one, sort_keys=True) != flat[i]]
        if wrong or len(stored) != len(made):
            print(f"scikit-learn: cases {wrong} differ from the stored ones")
            return 1
        return 0
    lines = ",\n".join(json.dumps(one, separators=(",", ":"), allow_nan=False) for one in made)
    PATH.write_text("[\n" + lines + "\n]\n", encoding="ascii", newline="\n")
    print(f"{len(made)} cases")
    return 0


if __name__ == "__main__":
    sys.exit(main())
