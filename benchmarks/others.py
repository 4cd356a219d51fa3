"""Which Python has another grader beside the course's packages? One that is named, or made here."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = {"nbgrader": "nbgrader==0.9.6", "otter": "otter-grader==7.0.0"}


def python_with(name: str) -> Path | None:
    """The Python that COURSE_NBGRADER or COURSE_OTTER names; "1" makes one, and keeps it."""
    named = os.environ.get(variable(name), "")
    if named != "1":
        return Path(named) if named else None
    folder = ROOT / ".course" / "benchmarks" / name
    python = folder / "bin" / "python"
    if not (folder / "made").exists():
        print(f"Making an environment with {PACKAGES[name]} in {folder.relative_to(ROOT)} ...")
        sys.stdout.flush()
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
        locked = ["-r", ROOT / "requirements" / "course.lock"]
        for words in (["--require-hashes", *locked], [PACKAGES[name]]):
            subprocess.run([python, "-m", "pip", "install", "--quiet", *words], check=True)
        (folder / "made").touch()
    return python


def variable(name: str) -> str:
    """The variable that names a Python with this grader."""
    return f"COURSE_{name.upper()}"


def left_out(name: str) -> str:
    """What to say where neither is asked for."""
    return (
        f"{name:<9} left out. {variable(name)}=1 makes an environment with {PACKAGES[name]} "
        f"(some 100 packages),\n          {variable(name)}=PYTHON takes one that has it beside "
        "the course's own packages."
    )
