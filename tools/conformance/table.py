"""Makes docs/conformance.md anew: runs the conformance tests of the built test project and writes their rows.

python3 tools/conformance/table.py [dotnet test ARGS...]      needs PONDUS_PEERS, and dotnet build -c Release before
"""
import os
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
TITLES = {"operators": "Operators", "modules": "Layers and losses", "optimizers": "Optimizers"}
INTRODUCTION = """# Conformance with PyTorch's own test data

PyTorch 2.13 tests itself with samples that cover the options and odd shapes of each operator (`op_db`), module (`module_db`) and optimizer (`optim_db`).
`tools/conformance/export.py` exports these float32 samples with outputs and gradients computed in float64, and the tests in `tests/Pondus.Tests/Conformance` run them through Pondus:

- **Agree**: samples whose outputs and gradients differ by at most 1e-4 of the largest value of the array; of modules also the gradients of all parameters and the buffers after the call; of optimizers the weights of 12 steps, by at most 1e-5.
- **Refused**: wrong inputs of PyTorch's `error_inputs` that end in an error meant for the user. Those about element types, devices, memory layouts and output arguments do not apply.
- **Not supported**: what the samples that were not run ask for, with their number, and what is not compared in the others. Targets of losses are data here: their gradients are not computed.

Names with `__r` are operators with the operands exchanged. All samples of `nn.functional.softplus` set a `beta`, which Pondus has not; the module's run.

Make this file anew with `python3 tools/conformance/table.py` after a build; the tests compare it with each run. Where PyTorch is not installed they skip themselves.
"""


def main():
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "rows")
        result = subprocess.run(
            ["dotnet", "test", os.path.join(ROOT, "tests", "Pondus.Tests"), "-c", "Release", "--no-build", "--nologo", "--filter", "FullyQualifiedName~ConformanceTests", *sys.argv[1:]],
            env={**os.environ, "PONDUS_CONFORMANCE_ROWS": path}, check=False)
        if result.returncode != 0:
            sys.exit("samples disagree: the table stays as it is")
        with open(path, encoding="utf-8") as file:
            lines = sorted(set(file.read().splitlines()))
    text, totals = INTRODUCTION, {}
    for section, title in TITLES.items():
        rows = [line.split("\t")[1] for line in lines if line.startswith(section + "\t")]
        cells = [row.split(" | ") for row in rows]
        totals[section] = (len(rows), sum(int(c[1]) for c in cells), sum(int(c[2]) for c in cells))
        text += f"\n## {title}\n\n{len(rows)} of PyTorch's: {totals[section][1]} samples agree, {totals[section][2]} wrong inputs are refused.\n\n"
        text += "| Name | Agree | Refused | Not supported, not compared |\n|---|---|---|---|\n" + "\n".join(rows) + "\n"
    with open(os.path.join(ROOT, "docs", "conformance.md"), "w", encoding="utf-8") as file:
        file.write(text)


main()
