#!/usr/bin/env python3
"""Writes the unrolled convolution kernels of src/Pondus/Kernels/Convolution.

Run it from anywhere: python3 tools/kernels/conv.py. Each method computes one tile: some places of the output by some
channels, one chain of fused multiply-adds per element over the segments of x in their order. Places come in pairs at
any address with one distance inside a pair, so that seven pointers and two indices reach fourteen places: more would
not fit the processor's registers. Accumulators are named locals, which the JIT keeps in registers.
"""
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "src" / "Pondus" / "Kernels" / "Convolution"


class Family:
    def __init__(self, name, bits, rows, masked, multiply_add, maximum, remark):
        self.name, self.bits, self.rows = name, bits, rows
        self.masked, self.multiply_add, self.maximum, self.remark = masked, multiply_add, maximum, remark
        self.lanes = bits // 32
        self.vector = f"Vector{bits}<float>"
        self.api = f"Vector{bits}"

    def offset(self, j):
        return f" + {j * self.lanes}" if j else ""

    def load(self, pointer, j, last):
        at = f"{pointer}{self.offset(j)}"
        return f"Avx512F.MaskLoad({at}, mask, {self.vector}.Zero)" if self.masked and last else f"{self.api}.Load({at})"

    def store(self, pointer, j, last, value):
        at = f"{pointer}{self.offset(j)}"
        return f"Avx512F.MaskStore({at}, mask, {value});" if self.masked and last else f"{self.api}.Store({value}, {at});"

    def kernel(self, rows, vectors):
        out = []
        emit = out.append
        pairs = (rows + 1) // 2
        cells = [(i, j) for i in range(rows) for j in range(vectors)]
        emit("    [MethodImpl(MethodImplOptions.AggressiveOptimization)]")
        emit(f"    private static void Tile{rows}x{vectors * self.lanes}(ConvTile* t)")
        emit("    {")
        if self.masked:
            skipped = (vectors - 1) * self.lanes
            count = f"t->Columns - {skipped}" if skipped else "t->Columns"
            emit(f"        {self.vector} mask = {self.api}.LessThan({self.api}<int>.Indices, {self.api}.Create({count})).AsSingle();")
        for j in range(vectors):
            emit(f"        {self.vector} bias{j} = {self.vector}.Zero;")
        emit("        if (t->Bias != null)")
        emit("        {")
        for j in range(vectors):
            emit(f"            bias{j} = {self.load('t->Bias', j, j == vectors - 1)};")
        emit("        }")
        emit("")
        for i, j in cells:
            emit(f"        {self.vector} c{i}_{j} = bias{j};")
        for i in range(pairs):
            emit(f"        byte* a{i} = (byte*)t->X[{i}];")
        emit("        for (ConvSegment* s = t->Segments; s != t->SegmentsEnd; s++)")
        emit("        {")
        emit("            nint p = s->Begin;")
        if rows > 1:
            emit("            nint q = p + t->XStep;")
        emit("            nint end = s->End;")
        emit("            float* b = t->Weights + s->Weights;")
        emit("            while (p != end)")
        emit("            {")
        for j in range(vectors):
            emit(f"                {self.vector} b{j} = {self.api}.Load(b{self.offset(j)});")
        for i in range(rows):
            emit(f"                {self.vector} x{i} = {self.api}.Create(*(float*)(a{i // 2} + {'pq'[i % 2]}));")
            for j in range(vectors):
                emit(f"                c{i}_{j} = {self.multiply_add}(x{i}, b{j}, c{i}_{j});")
        emit("                p += sizeof(float);")
        if rows > 1:
            emit("                q += sizeof(float);")
        emit(f"                b += {vectors * self.lanes};")
        emit("            }")
        emit("        }")
        emit("")
        emit("        nint yStep = t->YStep;")
        emit("        if (t->Add != 0)")
        emit("        {")
        for i in range(rows):
            at = f"(float*)t->Y[{i // 2}]" + (" + yStep" if i % 2 else "")
            for j in range(vectors):
                emit(f"            c{i}_{j} += {self.load(at, j, j == vectors - 1)};")
        emit("        }")
        emit("")
        emit("        if (t->Relu != 0)")
        emit("        {")
        for i, j in cells:
            emit(f"            c{i}_{j} = {self.maximum}({self.vector}.Zero, c{i}_{j});")
        emit("        }")
        emit("")
        for i in range(pairs):
            emit(f"        float* y{i} = (float*)t->Y[{i}];")
            for k in range(2):
                row = 2 * i + k
                if row == rows:
                    break
                for j in range(vectors):
                    emit(f"        {self.store(f'y{i}' + (' + yStep' if k else ''), j, j == vectors - 1, f'c{row}_{j}')}")
        emit("    }")
        return "\n".join(out)

    def chooser(self, method, vectors, rows):
        lines = [f"    /// <summary>Rows of the tallest tile of {vectors * self.lanes} columns.</summary>",
                 f"    public const int {method}Rows = {rows};", "",
                 f"    /// <summary>The kernel for tiles of {vectors * self.lanes} columns; compiled when first called.</summary>",
                 f"    public static delegate*<ConvTile*, void> {method}(int rows) => rows switch",
                 "    {"]
        for i in range(1, rows):
            lines.append(f"        {i} => &Tile{i}x{vectors * self.lanes},")
        lines.append(f"        _ => &Tile{rows}x{vectors * self.lanes},")
        lines.append("    };")
        return "\n".join(lines)

    def write(self):
        body = [self.chooser(method, v, rows) for method, v, rows in zip(("Wide", "Narrow"), (2, 1), self.rows)]
        body += [self.kernel(i, v) for v, rows in zip((2, 1), self.rows) for i in range(1, rows + 1)]
        using = ["System.Runtime.CompilerServices", "System.Runtime.Intrinsics"]
        if self.masked:
            using.append("System.Runtime.Intrinsics.X86")
        text = "// <auto-generated>Written by tools/kernels/conv.py; change that and run it again.</auto-generated>\n"
        text += "".join(f"using {u};\n" for u in using) + "\nnamespace Pondus.Kernels;\n\n"
        text += f"/// <summary>{self.remark}</summary>\ninternal static unsafe class {self.name}\n{{\n"
        text += "\n\n".join(body) + "\n}\n"
        (FOLDER / f"{self.name}.cs").write_text(text)


Family("ConvTiles512", 512, (14, 14), True, "Vector512.FusedMultiplyAdd", "Vector512.MaxNative",
       "AVX-512 tiles: 14 places by 32 or 16 channels, the last vector of channels masked.").write()
Family("ConvTiles256", 256, (6, 12), False, "Vector256.FusedMultiplyAdd", "Vector256.MaxNative",
       "AVX2 and FMA tiles: 6 places by 16 channels or 12 by 8, always whole.").write()
Family("ConvTiles128", 128, (6,), False, "Vector128.MultiplyAddEstimate", "Vector128.Max",
       "Portable tiles: 6 places by 8 channels, always whole; fused where the processor can.").write()
