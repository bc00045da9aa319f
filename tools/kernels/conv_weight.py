#!/usr/bin/env python3
"""Writes the unrolled kernels of the weight gradient of convolutions, src/Pondus/Kernels/Convolution.

Run it from anywhere: python3 tools/kernels/conv_weight.py. Each method keeps one tile of sums in registers
    C[r, j] += sum over the walk's places of a[r] b[j]
where a and b move by fixed steps from place to place. The JIT keeps accumulators in registers only when they are
named locals, so every row count has its own method.
"""
from tiles import Tiles

PARAMETERS = "ConvWalk* walk, float* a, float* b, float* c, nint cRow, int columns"
TYPES = "ConvWalk*, float*, float*, float*, nint, int, void"


class Family(Tiles):
    SCRIPT, FOLDER, TYPES = "conv_weight.py", "Convolution", TYPES

    def kernel(self, rows, vectors):
        out = self.head(rows, vectors, PARAMETERS, "columns")
        emit = out.append
        emit("        float* to = c;")
        for i in range(rows):
            for j in range(vectors):
                emit(f"        {self.vector} c{i}_{j} = {self.load('to', j, vectors)};")
            if i < rows - 1:
                emit("        to += cRow;")
        emit("        nint aStep = walk->AStep, bStep = walk->BStep, length = walk->Places * bStep;")
        emit("        for (nint image = walk->Images; image > 0; image--)")
        emit("        {")
        emit("            for (nint row = walk->Rows; row > 0; row--)")
        emit("            {")
        emit("                float* end = b + length;")
        emit("                do")
        emit("                {")
        pad = " " * 20
        for j in range(vectors):
            emit(f"{pad}{self.vector} b{j} = {self.load('b', j, vectors)};")
        for i in range(rows):
            emit(f"{pad}{self.vector} a{i} = {self.api}.Create({f'a[{i}]' if i else '*a'});")
            for j in range(vectors):
                emit(f"{pad}c{i}_{j} = {self.api}.FusedMultiplyAdd(a{i}, b{j}, c{i}_{j});")
        emit(f"{pad}a += aStep;")
        emit(f"{pad}b += bStep;")
        emit("                }")
        emit("                while (b != end);")
        emit("")
        emit("                a += walk->ARow;")
        emit("                b += walk->BRow;")
        emit("            }")
        emit("")
        emit("            a += walk->AImage;")
        emit("            b += walk->BImage;")
        emit("        }")
        emit("")
        for i in range(rows):
            for j in range(vectors):
                emit(f"        {self.store('c', j, vectors, f'c{i}_{j}')}")
            if i < rows - 1:
                emit("        c += cRow;")
        emit("    }")
        return "\n".join(out)


def write(name, bits, masked, widths, remark):
    family = Family(name, bits, masked, remark)
    family.write([family.chooser(*width) for width in widths], [(i, vectors) for _, vectors, rows in widths for i in range(1, rows + 1)])


write("ConvWeightTiles512", 512, True, [("Long", 6, 4), ("Broad", 3, 9), ("Wide", 2, 14), ("Narrow", 1, 28)],
      "AVX-512 tiles of sums over places: 4 rows by 96 columns, 9 by 48, 14 by 32 or 28 by 16, the last vector of columns masked.")
write("ConvWeightTiles256", 256, False, [("Wide", 2, 6)],
      "AVX2 and FMA tiles of sums over places: 6 rows by 16 columns, always whole.")
