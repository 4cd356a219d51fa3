"""Compile the lock files anew from pyproject.toml: python3 requirements/update.py

For authors; needs uv and the network. One resolution of everything comes first and
constrains the locks, so that a package has the same version in all of them. The locks
are universal: for a given package they may name one version for Python 3.11 and a newer
one for later Pythons. Without `--keep` every package moves to its newest release.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
EXTRAS = {
    "course.lock": [],
    "cluster.lock": ["cluster"],
    "test.lock": ["test", "cluster"],
    "lint.lock": ["lint"],
}
OLDEST_PYTHON = "3.11"
# What an author's machine adds here (a mirror, a folder of wheels) must not reach a lock.
PRIVATE = re.compile(r"(PIP_|UV_(DEFAULT_)?(EXTRA_)?INDEX|UV_FIND_LINKS|UV_CONSTRAINT|UV_OVERRIDE)")


def compile_lock(output: Path, extras: list[str], *options: str) -> None:
    """Write `output`: base dependencies and `extras`, for every platform and Python."""
    command = ["uv", "pip", "compile", "pyproject.toml", "--universal", "--quiet", "--no-header"]
    command += ["--no-annotate", "--python-version", OLDEST_PYTHON, "--output-file", str(output)]
    command += [word for extra in extras for word in ("--extra", extra)] + list(options)
    environment = {k: v for k, v in os.environ.items() if not PRIVATE.match(k)}
    subprocess.run(command, cwd=ROOT, env=environment, check=True)


def main(words: list[str]) -> None:
    """Regenerate the locks and pins.txt; `--keep` keeps the versions now locked."""
    if not shutil.which("uv"):
        sys.exit("The locks are compiled by uv, and uv is not on PATH.\n    pip install uv")
    with tempfile.TemporaryDirectory() as folder:
        everything = Path(folder, "everything.txt")
        if "--keep" in words:
            locks = [HERE / name for name in EXTRAS if (HERE / name).exists()]
            everything.write_text("".join(lock.read_text("utf-8") for lock in locks))
        compile_lock(everything, ["test", "lint", "cluster"])
        for name, extras in EXTRAS.items():
            (HERE / name).unlink(missing_ok=True)
            compile_lock(HERE / name, extras, "--generate-hashes", "-c", str(everything))
        # pip refuses `-e .` beside hashes, and conda hands pip both: so a copy without hashes.
        compile_lock(HERE / "pins.txt", EXTRAS["test.lock"], "-c", str(everything))


if __name__ == "__main__":
    main(sys.argv[1:])
