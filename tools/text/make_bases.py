"""Writes src/Pondus/Text/bases.txt: for each character with an accent or a canonical twin, what is left without nonspacing marks.

python tools/text/make_bases.py [OUT]
"""
import sys
import unicodedata as u

path = sys.argv[1] if len(sys.argv) > 1 else "src/Pondus/Text/bases.txt"
with open(path, "w", encoding="utf-8", newline="\n") as out:
    for code in (*range(0x80, 0xAC00), *range(0xE000, 0x110000)):  # between: Hangul, which follows a rule, and surrogates
        c = chr(code)
        base = "".join(x for x in u.normalize("NFD", c) if u.category(x) != "Mn")
        if base != c and u.category(c) != "Mn":
            out.write(f"{c}{base}\n")
