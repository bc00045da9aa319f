"""Writes src/Pondus/Formats/Blocks/grids.bin: the grids of GGUF's IQ kinds as codes, from the tables that the gguf package publishes.

python tools/gguf/make_grids.py [OUT]
"""
import sys

from gguf.quants import IQ1_S, IQ2_S, IQ2_XS, IQ2_XXS, IQ3_S, IQ3_XXS

path = sys.argv[1] if len(sys.argv) > 1 else "src/Pondus/Formats/Blocks/grids.bin"
with open(path, "wb") as out:
    for kind in (IQ2_XXS, IQ2_XS, IQ2_S, IQ3_XXS, IQ3_S, IQ1_S):
        out.write(bytes.fromhex(kind.grid_hex.decode()))
