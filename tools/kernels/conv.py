#!/usr/bin/env python3
"""Writes the unrolled convolution kernels of src/Pondus/Kernels/Convolution.

Run it from anywhere: python3 tools/kernels/conv.py. Each method computes one tile: some places of the output by some
channels, one chain of fused multiply-adds per element over the segments of x in their order. Places come in pairs at
any address with one distance inside a pair, so that seven pointers and two indices reach fourteen places: more would
not fit the processor's registers. Accumulators are named locals, which the JIT keeps in registers.
"""
from tiles import Tiles


class Family(Tiles):
    SCRIPT, FOLDER, TYPES = "conv.py", "Convolution", "ConvTile*, void"

    def kernel(self, rows, vectors):
        out = self.head(rows, vectors, "ConvTile* t", "t->Columns")
        emit = out.append
        pairs = (rows + 1) // 2
        cells = [(i, j) for i in range(rows) for j in range(vectors)]
        for j in range(vectors):
            emit(f"        {self.vector} bias{j} = {self.vector}.Zero;")
        emit("        if (t->Bias != null)")
        emit("        {")
        for j in range(vectors):
            emit(f"            bias{j} = {self.load('t->Bias', j, vectors)};")
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
            emit(f"                {self.vector} b{j} = {self.api}.Load({self.at('b', j)});")
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
                emit(f"            c{i}_{j} += {self.load(at, j, vectors)};")
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
                    emit(f"        {self.store(f'y{i}' + (' + yStep' if k else ''), j, vectors, f'c{row}_{j}')}")
        emit("    }")
        return "\n".join(out)

    def chooser(self, method, vectors, rows):
        return (f"    /// <summary>Rows of the tallest tile of {vectors * self.lanes} columns.</summary>\n    public const int {method}Rows = {rows};\n\n"
                + super().chooser(method, vectors, rows))


def write(name, bits, rows, masked, remark, **instructions):
    family = Family(name, bits, masked, remark, **instructions)
    widths = list(zip(("Wide", "Narrow"), (2, 1), rows))
    family.write([family.chooser(*width) for width in widths], [(i, vectors) for _, vectors, most in widths for i in range(1, most + 1)])


write("ConvTiles512", 512, (14, 14), True, "AVX-512 tiles: 14 places by 32 or 16 channels, the last vector of channels masked.")
write("ConvTiles256", 256, (6, 12), False, "AVX2 and FMA tiles: 6 places by 16 channels or 12 by 8, always whole.")
write("ConvTiles128", 128, (6,), False, "Portable tiles: 6 places by 8 channels, always whole; fused where the processor can.",
      multiply_add="Vector128.MultiplyAddEstimate", maximum="Vector128.Max")
