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


def by_h5py(path):
    """A file of older Keras: the weights of its layers by their names without TensorFlow's number, then all else by its path."""
    import h5py
    with h5py.File(path, "r") as file:
        root = file if "layer_names" in file.attrs else file["model_weights"]
        seen = set()
        for layer in texts(root.attrs["layer_names"]):
            for weight in texts(root[layer].attrs["weight_names"]):
                data = root[layer][weight]
                seen.add(data.name)
                yield weight.removesuffix(":0"), data.dtype.name, list(data.shape), data[()].tobytes()
        rest = []
        file.visititems(lambda name, one: rest.append((name, one)) if isinstance(one, h5py.Dataset) and one.name not in seen else None)
        for name, data in rest:
            yield name, data.dtype.name, list(data.shape), data[()].tobytes()


def texts(values):
    return [value.decode() if isinstance(value, bytes) else str(value) for value in values]


def by_gguf(path):
    """A GGUF file; shapes outermost first, plain types by NumPy's names."""
    import gguf
    names = {"f16": "float16", "f32": "float32", "f64": "float64", "bf16": "bfloat16", "i8": "int8", "i16": "int16", "i32": "int32", "i64": "int64"}
    for tensor in gguf.GGUFReader(path).tensors:
        dtype = tensor.tensor_type.name.lower()
        yield tensor.name, names.get(dtype, dtype), [int(size) for size in reversed(tensor.shape)], tensor.data.tobytes()


def by_onnx(path):
    """The initializers of a graph, then the tensors of its constants."""
    import onnx
    from onnx import numpy_helper
    graph = onnx.load(path).graph
    tensors = [(tensor.name, tensor) for tensor in graph.initializer]
    tensors += [(node.output[0], one.t) for node in graph.node if node.op_type == "Constant" for one in node.attribute if one.name == "value"]
    for name, tensor in tensors:
        array = numpy_helper.to_array(tensor)
        yield name, array.dtype.name, list(array.shape), array.tobytes()


def by_safetensors(path):
    import safetensors.numpy
    for name, array in sorted(safetensors.numpy.load_file(path).items()):
        yield name, array.dtype.name, list(array.shape), array.tobytes()


def by_numpy(path):
    import numpy
    with numpy.load(path) as arrays:
        for name in arrays.files:
            yield name, arrays[name].dtype.name, list(arrays[name].shape), arrays[name].tobytes()


# Library, function, files: patterns below DATA.
READERS = [
    ("torch", by_torch, ["weights/*/*.pth", "weights/*/*.pt", "weights/*/*.th", "weights/*/*.ckpt"]),
    ("h5py", by_h5py, ["weights/*/*.h5", "weights/*/*.hdf5"]),
    ("torch.jit", by_torch_jit, ["weights/*/*.jit"]),
    ("gguf", by_gguf, ["weights/*/*.gguf"]),
    ("onnx", by_onnx, ["weights/*/*.onnx"]),
    ("safetensors", by_safetensors, ["weights/*/*.safetensors"]),
    ("numpy", by_numpy, ["weights/g2p-en/checkpoint20.npz"]),
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
