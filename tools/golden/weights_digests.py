#!/usr/bin/env python3
"""Writes name, type, sizes and checksum of every tensor of published weights files, as each format's own library reads them.

    "$PONDUS_PEERS/python" tools/golden/weights_digests.py DATA [--check]

DATA is the folder that PONDUS_TEST_DATA names. The result is tests/Pondus.Tests/Golden/weights.json: an array of files,
one a line, {"file", "library", "tensors": [[name, type, sizes, checksum], ...]}. The checksum is the first 32 digits of
the SHA-256 of the little-endian, row-major bytes; types have NumPy's names, and bfloat16 and its kin.

To add a format: one function that yields (name, type, sizes, bytes), and its files in READERS.
"""
import argparse
import hashlib
import json
import pathlib
import sys

TARGET = pathlib.Path(__file__).resolve().parents[2] / "tests" / "Pondus.Tests" / "Golden" / "weights.json"


def by_torch(path):
    """A file of torch.save: the tensors of its dictionaries, their keys joined by dots."""
    import torch
    yield from torch_tensors("", torch.load(path, weights_only=True, map_location="cpu"))


def by_torch_jit(path):
    """A TorchScript archive: what its state_dict holds."""
    import torch
    yield from torch_tensors("", dict(torch.jit.load(path, map_location="cpu").state_dict()))


def torch_tensors(name, value):
    import torch
    if isinstance(value, torch.Tensor):
        value = value.detach().contiguous()
        data = value.reshape(-1).view(torch.uint8).numpy().tobytes() if value.numel() else b""
        yield name, str(value.dtype).removeprefix("torch."), list(value.shape), data
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from torch_tensors(f"{name}.{key}" if name else str(key), inner)


# Library, function, files: patterns below DATA.
READERS = [
    ("torch", by_torch, ["weights/*/*.pth", "weights/*/*.pt", "weights/*/*.th", "weights/*/*.ckpt"]),
    ("torch.jit", by_torch_jit, ["weights/*/*.jit"]),
]


def digest(data):
    return hashlib.sha256(data).hexdigest()[:32]


def lines(root):
    for library, read, patterns in READERS:
        for path in sorted(path for pattern in patterns for path in root.glob(pattern)):
            rows = [[name, dtype, shape, digest(data)] for name, dtype, shape, data in read(path)]
            yield json.dumps({"file": path.relative_to(root).as_posix(), "library": library, "tensors": rows}, separators=(",", ":"))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=pathlib.Path)
    parser.add_argument("--check", action="store_true", help="compare with what is stored, change nothing")
    options = parser.parse_args()
    text = "[\n" + ",\n".join(lines(options.data)) + "\n]\n"
    if options.check:
        if TARGET.read_text() != text:
            sys.exit(f"{TARGET}: expected what the libraries read today, got something else.")
    else:
        TARGET.write_text(text)


if __name__ == "__main__":
    main()
