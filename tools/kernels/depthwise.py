#!/usr/bin/env python3
"""Writes the unrolled kernels of depthwise convolutions, src/Pondus/Kernels/Convolution.

Run it from anywhere: python3 tools/kernels/depthwise.py. Channels lie in vectors; a tile is 8, 4, 2 or 1 places of the
target that see the same taps. Sum gives the places their sums over taps, Correlate gives the taps their sums over places.
The methods for whole kernel rows of 3 or 5 neighboring taps load each place of the source once for all taps that see it;
measured, loads are what limits the others (1.3 a cycle).
The JIT keeps places in registers only when they are named locals, so every size has its own method.
"""
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "src" / "Pondus" / "Kernels" / "Convolution"
SIZES = (8, 4, 2, 1)


def at(base, step, i):
    """Address of place i, from pointers to every fourth place and the steps 2 and 3."""
    pointer = base if i < 4 else f"{base}{i // 4 * 4}"
    return pointer + ["", f" + {step}", f" + {step}2", f" + {step}3"][i % 4]


def steps(size, name):
    return [f"nint {name}{s} = {s} * {name};" for s in (2, 3) if size > s]


def load(address, part):
    return f"TV.LoadPartial({address}, lanes)" if part else f"TV.Load({address})"


def store(address, value, part):
    return f"TV.StorePartial({address}, lanes, {value});" if part else f"TV.Store({address}, {value});"


def loop_head(size, part):
    """Starts the loop over taps."""
    out = ["for (DepthwiseTap* tap = taps; tap != end; tap++)", "{", "    float* p = x + tap->Source;"]
    if size > 4:
        out.append("    float* p4 = p + (4 * xStep);")
    out.append("    TV w0 = " + load("w + tap->Weight", part) + ";")
    return out


def sum_body(size, part):
    out = []
    for i in range(size):
        out.append(f"TV y{i} = zero;")
    out += ["if (start != null)", "{"]
    for i in range(size):
        out.append(f"    y{i} = " + load("start" + (f" + ({i} * startStep)" if i else ""), part) + ";")
    out += ["}", ""]
    out += loop_head(size, part)
    for i in range(size):
        out.append(f"    y{i} = TV.Fma(w0, {load(at('p', 'xStep', i), part)}, y{i});")
    out += ["}", "", "if (relu)", "{"]
    for i in range(size):
        out.append(f"    y{i} = TV.Max(zero, y{i});")
    out += ["}", ""]
    for i in range(size):
        out.append(store("y" + (f" + ({i} * yStep)" if i else ""), f"y{i}", part))
    return out


def correlate_body(size, part):
    out = []
    for i in range(size):
        out.append(f"TV y{i} = " + load("y" + (f" + ({i} * yStep)" if i else ""), part) + ";")
    out += loop_head(size, part)
    for i in range(size):
        out.append(f"    w0 = TV.Fma(y{i}, {load(at('p', 'xStep', i), part)}, w0);")
    out += ["    " + store("w + tap->Weight", "w0", part), "}"]
    return out


def whole_head(width, size, part):
    """Starts the loop over kernel rows and loads the row's weights."""
    out = ["for (DepthwiseTap* tap = taps; tap != end; tap++)", "{", "    float* p = x + tap->Source;", "    float* q = w + tap->Weight;"]
    for k in range(width):
        out.append(f"    TV w{k} = " + load("q" + ["", " + wStep", " + (2 * wStep)", " + (3 * wStep)", " + (4 * wStep)"][k], part) + ";")
    return out


def whole_places(width, stride, size, part, product):
    out = []
    for j in range((size - 1) * stride + width):
        out.append(f"    TV x{j} = {load('p', part)};")
        for t in range(size):
            if 0 <= j - t * stride < width:
                out.append("    " + product(t, j - t * stride, j))
        if j < (size - 1) * stride + width - 1:
            out.append("    p += xStep;")
    return out


def whole_sum_body(width, stride):
    def body(size, part):
        out = sum_body(size, part)
        first = out.index("for (DepthwiseTap* tap = taps; tap != end; tap++)")
        last = out.index("}", first)
        loop = whole_head(width, size, part) + whole_places(width, stride, size, part, lambda t, k, j: f"y{t} = TV.Fma(x{j}, w{k}, y{t});")
        return out[:first] + loop + out[last:]
    return body


def whole_correlate_body(width, stride):
    def body(size, part):
        out = [f"TV y{i} = " + load("y" + (f" + ({i} * yStep)" if i else ""), part) + ";" for i in range(size)]
        out += whole_head(width, size, part)
        out += whole_places(width, stride, size, part, lambda t, k, j: f"w{k} = TV.Fma(x{j}, y{t}, w{k});")
        for k in range(width):
            out.append("    " + store("q" + ["", " + wStep", " + (2 * wStep)", " + (3 * wStep)", " + (4 * wStep)"][k], f"w{k}", part))
        return out + ["}"]
    return body


def method(name, size, parameters, body, moves, indent="    "):
    out = ["[MethodImpl(MethodImplOptions.AggressiveOptimization)]",
           f"private static void {name}{size}<TV>({parameters})",
           "    where TV : struct, IVector<TV>",
           "{"]
    inner = ["DepthwiseTap* end = taps + count;"] + ([] if "wStep" in parameters else steps(size, "xStep"))
    if name.startswith("Sum"):
        inner.append("TV zero = TV.Create(0f);")
    inner += ["nint c = channels;", "for (; c >= TV.Count; c -= TV.Count)", "{"]
    inner += ["    " + line if line else "" for line in body(size, False)]
    inner += ["    " + line for line in moves]
    inner += ["}", "", "if (c > 0)", "{", "    nint lanes = c;"]
    inner += ["    " + line if line else "" for line in body(size, True)]
    inner.append("}")
    out += ["    " + line if line else "" for line in inner]
    out.append("}")
    return "\n".join(indent + line if line else "" for line in out)


SUM = "DepthwiseTap* taps, int count, float* x, nint xStep, float* w, float* start, nint startStep, float* y, nint yStep, nint channels, bool relu"
CORRELATE = "DepthwiseTap* taps, int count, float* x, nint xStep, float* w, float* y, nint yStep, nint channels"

HEADER = """// <auto-generated>Written by tools/kernels/depthwise.py; change that and run it again.</auto-generated>
using System.Runtime.CompilerServices;

namespace Pondus.Kernels;

"""
SUM_MOVES = ["x += TV.Count;", "w += TV.Count;", "y += TV.Count;", "start = start == null ? null : start + TV.Count;"]
CORRELATE_MOVES = ["x += TV.Count;", "w += TV.Count;", "y += TV.Count;"]


def dispatcher(name, sizes, summary, parameters, arguments, source_step):
    text = f"    /// <summary>{summary}</summary>\n"
    rest = sizes[-1] > 1
    if rest:
        text += "    /// <returns>How many places were done; the others are too few.</returns>\n"
    text += f"    public static {'int' if rest else 'void'} {name}<TV>(int places, {parameters})\n        where TV : struct, IVector<TV>\n    {{\n"
    if rest:
        text += "        int left = places;\n"
    count = "left" if rest else "places"
    for size in sizes:
        word = "while" if size == sizes[0] else "if"
        text += f"        {word} ({count} >= {size})\n        {{\n            {name}{'x' if rest else ''}{size}<TV>({arguments});\n"
        if size > 1:
            text += f"            x += {size} * {source_step};\n            y += {size} * yStep;\n"
            if "start" in parameters:
                text += f"            start = start == null ? null : start + ({size} * startStep);\n"
            text += f"            {count} -= {size};\n"
        text += "        }\n" + ("" if size == 1 else "\n")
    if rest:
        text += "        return places - left;\n"
    return text + "    }\n\n"


def write(file, summary, blocks, methods):
    text = HEADER + f"/// <summary>{summary}</summary>\ninternal static unsafe class {file}\n{{\n" + "".join(blocks) + "\n\n".join(methods) + "\n}\n"
    (FOLDER / f"{file}.cs").write_text(text)


SUM_TEXT = "y = start (or 0) + the sum over taps of x w at each place, then optionally max(0, .)."
CORRELATE_TEXT = "w += the sum over places of x y at each tap."
write("DepthwiseTiles", "Depthwise convolutions at places that see the same taps, channels in vectors.",
      [dispatcher("Sum", SIZES, SUM_TEXT, SUM, "taps, count, x, xStep, w, start, startStep, y, yStep, channels, relu", "xStep"),
       dispatcher("Correlate", SIZES, CORRELATE_TEXT, CORRELATE, "taps, count, x, xStep, w, y, yStep, channels", "xStep")],
      [method("Sum", s, SUM, sum_body, SUM_MOVES) for s in SIZES]
      + [method("Correlate", s, CORRELATE, correlate_body, CORRELATE_MOVES) for s in SIZES])
blocks, methods = [], []
for width in (3, 5):
    for stride in (1, 2):
        kind = f"{width}Stride{stride}"
        about = f" Kernel rows of {width} neighbors, stride {stride}; taps names the first of each row."
        whole_sum, whole_correlate = (p.replace("float* w,", "float* w, nint wStep,") for p in (SUM, CORRELATE))
        step = "xStep" if stride == 1 else f"{stride} * xStep"
        blocks.append(dispatcher(f"Sum{kind}", SIZES[:2], SUM_TEXT + about, whole_sum, "taps, count, x, xStep, w, wStep, start, startStep, y, yStep, channels, relu", step))
        blocks.append(dispatcher(f"Correlate{kind}", SIZES[:2], CORRELATE_TEXT + about, whole_correlate, "taps, count, x, xStep, w, wStep, y, yStep, channels", step))
        methods += [method(f"Sum{kind}x", s, whole_sum, whole_sum_body(width, stride), SUM_MOVES) for s in SIZES[:2]]
        methods += [method(f"Correlate{kind}x", s, whole_correlate, whole_correlate_body(width, stride), CORRELATE_MOVES) for s in SIZES[:2]]
write("DepthwiseRowTiles", "Depthwise convolutions at places that see whole kernel rows.", blocks, methods)
