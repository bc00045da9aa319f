#!/usr/bin/env python3
"""Writes the unrolled matrix-product kernels of src/Pondus/Kernels/Gemm.

Run it from anywhere: python3 tools/kernels/gemm.py. The JIT keeps accumulators in registers only when they
are named locals, so every row count has its own unrolled method. Each method computes one tile
    C[rows, columns] = start + A[rows, k] B[k, columns], then optionally max(0, .)
with one chain of fused multiply-adds per element, in the order of k.
"""
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "src" / "Pondus" / "Kernels" / "Gemm"
PARAMETERS = ("nint k, float* a, nint aRow, nint aStep, float* b, nint bStep, float* c, nint cRow, "
              "float* start, nint startRow, int columns, int relu")
TYPES = "nint, float*, nint, nint, float*, nint, float*, nint, float*, nint, int, int, void"


class Family:
    def __init__(self, name, bits, vectors, rows, masked, multiply_add, maximum, remark):
        self.name, self.bits, self.vectors, self.rows = name, bits, vectors, rows
        self.masked, self.multiply_add, self.maximum, self.remark = masked, multiply_add, maximum, remark
        self.lanes = bits // 32
        self.vector = f"Vector{bits}<float>"
        self.api = f"Vector{bits}"

    def offset(self, j):
        return f" + {j * self.lanes}" if j else ""

    def load(self, pointer, j, last):
        at = f"{pointer}{self.offset(j)}"
        if self.masked and last:
            return f"Avx512F.MaskLoad({at}, mask, {self.vector}.Zero)"
        return f"{self.api}.Load({at})"

    def store(self, pointer, j, last, value):
        at = f"{pointer}{self.offset(j)}"
        if self.masked and last:
            return f"Avx512F.MaskStore({at}, mask, {value});"
        return f"{self.api}.Store({value}, {at});"

    def kernel(self, rows, vectors):
        out = []
        emit = out.append
        name = f"Tile{rows}x{vectors * self.lanes}"
        emit("    [MethodImpl(MethodImplOptions.AggressiveOptimization)]")
        emit(f"    private static void {name}({PARAMETERS})")
        emit("    {")
        if self.masked:
            skipped = (vectors - 1) * self.lanes
            count = f"columns - {skipped}" if skipped else "columns"
            emit(f"        {self.vector} mask = {self.api}.LessThan({self.api}<int>.Indices, {self.api}.Create({count})).AsSingle();")
        cells = [(i, j) for i in range(rows) for j in range(vectors)]
        for i, j in cells:
            emit(f"        {self.vector} c{i}_{j} = {self.vector}.Zero;")
        emit("        if (start != null)")
        emit("        {")
        for i in range(rows):
            for j in range(vectors):
                emit(f"            c{i}_{j} = {self.load('start', j, j == vectors - 1)};")
            if i < rows - 1:
                emit("            start += startRow;")
        emit("        }")
        emit("")
        bases = list(range(0, rows, 4))
        if rows > 1:
            for i in bases[1:]:
                emit(f"        float* a{i} = a + ({i} * aRow);")
            for s in (2, 3):
                if rows > s:
                    emit(f"        nint aRow{s} = {s} * aRow;")
        emit("        float* end = b + (k * bStep);")
        emit("        while (b != end)")
        emit("        {")
        for j in range(vectors):
            emit(f"            {self.vector} b{j} = {self.load('b', j, j == vectors - 1)};")
        for i in range(rows):
            base = "a" if i < 4 else f"a{i // 4 * 4}"
            step = ["", " + aRow", " + aRow2", " + aRow3"][i % 4]
            value = f"*({base}{step})" if step else f"*{base}"
            emit(f"            {self.vector} x{i} = {self.api}.Create({value});")
            for j in range(vectors):
                emit(f"            c{i}_{j} = {self.multiply_add}(x{i}, b{j}, c{i}_{j});")
        emit("            a += aStep;")
        for i in bases[1:]:
            emit(f"            a{i} += aStep;")
        emit("            b += bStep;")
        emit("        }")
        emit("")
        emit("        if (relu != 0)")
        emit("        {")
        for i, j in cells:
            emit(f"            c{i}_{j} = {self.maximum}({self.vector}.Zero, c{i}_{j});")
        emit("        }")
        emit("")
        for i in range(rows):
            for j in range(vectors):
                emit(f"        {self.store('c', j, j == vectors - 1, f'c{i}_{j}')}")
            if i < rows - 1:
                emit("        c += cRow;")
        emit("    }")
        return "\n".join(out)

    def chooser(self, method, vectors):
        lines = [f"    /// <summary>The kernel for tiles of {vectors * self.lanes} columns and 1 to {self.rows} rows; compiled when first called.</summary>",
                 f"    public static delegate*<{TYPES}> {method}(int rows) => rows switch",
                 "    {"]
        for i in range(1, self.rows):
            lines.append(f"        {i} => &Tile{i}x{vectors * self.lanes},")
        lines.append(f"        _ => &Tile{self.rows}x{vectors * self.lanes},")
        lines.append("    };")
        return "\n".join(lines)

    def write(self):
        widths = range(self.vectors, 0, -1) if self.masked else [self.vectors]
        names = {self.vectors: "Wide"} | ({1: "Narrow"} if self.masked else {})
        body = [self.chooser(names[w], w) for w in widths]
        body += [self.kernel(i, w) for w in widths for i in range(1, self.rows + 1)]
        using = ["System.Runtime.CompilerServices", "System.Runtime.Intrinsics"]
        if self.masked:
            using.append("System.Runtime.Intrinsics.X86")
        text = "// <auto-generated>Written by tools/kernels/gemm.py; change that and run it again.</auto-generated>\n"
        text += "".join(f"using {u};\n" for u in using) + "\nnamespace Pondus.Kernels;\n\n"
        text += f"/// <summary>{self.remark}</summary>\ninternal static unsafe class {self.name}\n{{\n"
        text += "\n\n".join(body) + "\n}\n"
        (FOLDER / f"{self.name}.cs").write_text(text)


def turn(load, indent):
    """Statements that leave the transpose of 16 rows of 16 in o0..o15; load(i) is the expression for row i.

    Written out because a method that inlines as many small ones exceeds the JIT's budget, and those that it leaves
    as calls run unoptimized at first.
    """
    pad = " " * indent
    out = []
    for q in range(4):
        r = [4 * q + i for i in range(4)]
        out += [f"V16 r{i} = {load(i)};" for i in r]
        for name, kind, x, y in (("a", "Low", 0, 1), ("b", "High", 0, 1), ("c", "Low", 2, 3), ("d", "High", 2, 3)):
            out.append(f"Vector512<double> {name}{q} = Avx512F.Unpack{kind}(r{r[x]}, r{r[y]}).AsDouble();")
        for i, (kind, x, y) in enumerate((("Low", "a", "c"), ("High", "a", "c"), ("Low", "b", "d"), ("High", "b", "d"))):
            out.append(f"V16 q{q}_{i} = Avx512F.Unpack{kind}({x}{q}, {y}{q}).AsSingle();")
    for i in range(4):
        for name, x, y, mask in (("w", 0, 1, "88"), ("x", 2, 3, "88"), ("y", 0, 1, "dd"), ("z", 2, 3, "dd")):
            out.append(f"V16 {name}{i} = Avx512F.Shuffle4x128(q{x}_{i}, q{y}_{i}, 0x{mask});")
        for row, x, y, mask in ((i, "w", "x", "88"), (4 + i, "y", "z", "88"), (8 + i, "w", "x", "dd"), (12 + i, "y", "z", "dd")):
            out.append(f"V16 o{row} = Avx512F.Shuffle4x128({x}{i}, {y}{i}, 0x{mask});")
    return "\n".join(pad + line for line in out)


def strided(base, i, end):
    rows = ["", " + stride", " + stride2", " + stride3"][i % 4]
    return f"Vector512.Load({base}{i // 4 * 4}{rows}{end})"


def write_turns():
    text = """// <auto-generated>Written by tools/kernels/gemm.py; change that and run it again.</auto-generated>
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using V16 = System.Runtime.Intrinsics.Vector512<float>;

namespace Pondus.Kernels;

/// <summary>Transposes of 16 by 16 blocks in AVX-512 registers.</summary>
internal static unsafe class GemmTurns512
{
    /// <summary>Copies blocks of 16 columns of 16 rows: target[p * targetStride + i] = source[at[i] + p], p below 16 * blocks.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Copy(float* source, nint* at, nint blocks, float* target, nint targetStride)
    {
        float* s0 = source;
"""
    text += "".join(f"        float* s{i} = source + at[{i}];\n" for i in range(1, 16))
    text += """        for (nint p = 0; p < 16 * blocks; p += 16)
        {
"""
    text += turn(lambda i: f"Vector512.Load(s{i} + p)", 12) + "\n"
    for i in range(16):
        text += f"            Vector512.Store(o{i}, target);\n            target += targetStride;\n"
    text += """        }
    }

    /// <summary>sum[i] += a[p] * b[i * stride + p] for 16 rows, p below 16 * blocks and in order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void MultiplyAdd(float* a, float* b, nint stride, nint blocks, float* sums)
    {
        nint stride2 = 2 * stride;
        nint stride3 = 3 * stride;
        float* row0 = b;
"""
    text += "".join(f"        float* row{i} = b + ({i} * stride);\n" for i in (4, 8, 12))
    text += """        V16 sum = Vector512.Load(sums);
        for (nint p = 0; p < 16 * blocks; p += 16)
        {
"""
    text += turn(lambda i: strided("row", i, " + p"), 12) + "\n"
    for i in range(16):
        text += f"            sum = Vector512.FusedMultiplyAdd(Vector512.Create(a[p + {i}]), o{i}, sum);\n"
    text += """        }

        Vector512.Store(sum, sums);
    }

    /// <summary>The same for 32 rows: two chains, so that none waits for its own additions.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void MultiplyAddPair(float* a, float* b, nint stride, nint blocks, float* sums)
    {
        nint stride2 = 2 * stride;
        nint stride3 = 3 * stride;
        float* row0 = b;
"""
    text += "".join(f"        float* row{i} = b + ({i} * stride);\n" for i in (4, 8, 12))
    text += """        nint half = 16 * stride;
        V16 sum = Vector512.Load(sums);
        V16 other = Vector512.Load(sums + 16);
        for (nint p = 0; p < 16 * blocks; p += 16)
        {
            // Stepping to and fro keeps one copy of the block in the code.
            for (nint at = p; ; at += half)
            {
"""
    text += turn(lambda i: strided("row", i, " + at"), 16) + "\n"
    for i in range(16):
        text += f"                sum = Vector512.FusedMultiplyAdd(Vector512.Create(a[p + {i}]), o{i}, sum);\n"
    text += """                (sum, other) = (other, sum);
                if (at != p)
                {
                    break;
                }
            }
        }

        Vector512.Store(sum, sums);
        Vector512.Store(other, sums + 16);
    }
}
"""
    (FOLDER / "GemmTurns512.cs").write_text(text)


write_turns()
Family("GemmTiles512", 512, 2, 14, True, "Vector512.FusedMultiplyAdd", "Vector512.MaxNative",
       "AVX-512 tiles: 14 rows by 32 columns, the last vector of columns masked.").write()
Family("GemmTiles256", 256, 2, 6, False, "Vector256.FusedMultiplyAdd", "Vector256.MaxNative",
       "AVX2 and FMA tiles: 6 rows by 16 columns, always whole.").write()
Family("GemmTiles128", 128, 2, 6, False, "Vector128.MultiplyAddEstimate", "Vector128.Max",
       "Portable tiles: 6 rows by 8 columns, always whole; fused where the processor can.").write()
