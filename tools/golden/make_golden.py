"""Writes tests/Pondus.Tests/Golden/*.json from PyTorch in double precision; --check compares instead of writing."""
import json
import math
import pathlib
import sys

import catalogue
import convolutions
import images
import layers
import losses
import operations
import recurrent
import torch
import training
from golden import text

FAMILIES = {
    "operations": operations.cases,
    "layers": layers.cases,
    "images": images.cases,
    "convolutions": convolutions.cases,
    "losses": losses.cases,
    "lossCatalogue": catalogue.cases,
    "optimizers": training.optimizers,
    "lbfgs": training.lbfgs,
    "schedules": training.schedules,
    "initializers": training.initializers,
    "recurrent": recurrent.cases,
    "ctc": recurrent.ctc,
}
# The last written digit may differ between versions of the mathematics library.
TOLERANCE = 1e-7


def differs(a, b):
    if isinstance(a, bool) or isinstance(b, bool) or isinstance(a, str):
        return a != b
    if isinstance(a, (int, float)) and isinstance(b, (int, float)):
        return not math.isclose(a, b, rel_tol=TOLERANCE, abs_tol=1e-12)
    if type(a) is not type(b) or len(a) != len(b):
        return True
    if isinstance(a, dict):
        return a.keys() != b.keys() or any(differs(a[key], b[key]) for key in a)
    return any(differs(x, y) for x, y in zip(a, b))


def main():
    folder = pathlib.Path(__file__).resolve().parents[2] / "tests" / "Pondus.Tests" / "Golden"
    check = "--check" in sys.argv[1:]
    wrong = []
    for family, make in FAMILIES.items():
        path = folder / f"{family}.json"
        made = text(list(make()))
        if not check:
            path.write_text(made, encoding="ascii", newline="\n")
            print(f"{family}: {made.count(chr(10)) - 2} cases, {len(made)} bytes")
            continue
        stored = {entry["name"]: entry for entry in json.loads(path.read_text(encoding="ascii"))}
        fresh = {entry["name"]: entry for entry in json.loads(made)}
        wrong += [f"{family}: {name}" for name in stored.keys() | fresh.keys()
                  if name not in stored or name not in fresh or differs(stored[name], fresh[name])]
    if wrong:
        print(f"PyTorch {torch.__version__}: {len(wrong)} cases differ from the stored ones: {', '.join(sorted(wrong)[:20])}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
