"""The lessons under nbval, against the waits that they contain and the starts of their kernels.

    python benchmarks/notebooks.py [NAME ...] [--rounds 1]

A wait is the time in which a cell runs and its kernel does not compute: wall time less the
kernel's own processor time, cell by cell, never below 0. It is taken in a run by nbclient, in the
same process as the start of an empty kernel; nbval runs all the notebooks in one pytest. Printed:
seconds for each notebook, and the ratio of nbval's wall time to waits and starts (the bar: 1.5).
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import nbformat

from course_support.authoring.running import client_for
from course_support.places import NOTEBOOKS, ROOT

BEFORE = """
import time as _t
_waits, _begun = [], [_t.perf_counter(), _t.process_time()]
def _begin(*_): _begun[:] = _t.perf_counter(), _t.process_time()
def _end(*_):
    wall_s, cpu_s = _t.perf_counter() - _begun[0], _t.process_time() - _begun[1]
    _waits.append(max(0.0, wall_s - cpu_s))
get_ipython().events.register("pre_run_cell", _begin)
get_ipython().events.register("post_run_cell", _end)
"""
AFTER = "print(sum(_waits))"


def waits_s(path: Path) -> float:
    """Seconds that the cells of a notebook wait, in a fresh kernel."""
    notebook: Any = nbformat.read(path, as_version=4)
    code = nbformat.v4.new_code_cell
    notebook.cells = [code(BEFORE), *notebook.cells, code(AFTER)]
    client_for(notebook, path.parent).execute()
    return float(notebook.cells[-1].outputs[0].text)


def start_s(rounds: int = 3) -> float:
    """Median seconds to start a kernel, run one cell and end it."""
    times = []
    for _ in range(rounds):
        notebook: Any = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1")])
        begun = time.perf_counter()
        client_for(notebook, NOTEBOOKS).execute()
        times.append(time.perf_counter() - begun)
    return statistics.median(times)


def nbval_s(paths: list[Path]) -> float:
    """Wall seconds of one pytest that runs these notebooks."""
    begun = time.perf_counter()
    command = [sys.executable, "-m", "pytest", "-q", *map(str, paths)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"nbval is not green, so its time means nothing:\n{done.stdout[-3000:]}")
    return time.perf_counter() - begun


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="such as 02; all by default")
    parser.add_argument("--rounds", type=int, default=1)
    told = parser.parse_args()
    found = sorted(path for path in NOTEBOOKS.glob("*.ipynb") if ".mine" not in path.name)
    wanted = [path for path in found if not told.names or path.name[:2] in told.names]
    start = start_s()
    print(f"start of a kernel  {start:.2f} s")
    waits = {path: waits_s(path) for path in wanted}
    for path, seconds in waits.items():
        print(f"{path.stem:32} waits {seconds:6.2f} s")
    floor = sum(waits.values()) + start * len(wanted)
    nbval = statistics.median(nbval_s(wanted) for _ in range(told.rounds))
    print(f"waits and starts   {floor:.2f} s")
    print(f"nbval              {nbval:.2f} s")
    print(f"ratio              {nbval / floor:.2f} (the bar: 1.5)")


if __name__ == "__main__":
    main()
