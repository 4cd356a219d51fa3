"""What does pytest leave alone when it runs the notebooks? And whose progress is recorded?"""

import json
import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent

# A shell starts what it runs in the background deaf to Ctrl-C, and so would be the tests of it.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# No test may write into the progress of whoever runs it; kernels and servers inherit this.
PROGRESS = Path(tempfile.mkdtemp(prefix="course-progress-"))
os.environ["COURSE_PROGRESS"] = str(PROGRESS / "progress.sqlite3")


def pytest_unconfigure():
    """Throw away what the tests have answered."""
    shutil.rmtree(PROGRESS, ignore_errors=True)


def holds_work(path: Path) -> bool:
    """Whether somebody worked in the notebook at `path`, and has not committed it.

    Such a file is a learner's: it is theirs to break. A committed one has to be what its
    source says (tests/test_notebooks.py).
    """
    from course_support.authoring.notebooks import sources_hash

    try:
        notebook = json.loads(path.read_text("utf-8"))
        built = notebook["metadata"].get("course", {}).get("built")
        if built == sources_hash(notebook["cells"]):
            return False
    except (ValueError, TypeError, KeyError, AttributeError):
        pass
    return uncommitted(path)


def was_run(path: Path) -> bool:
    """Whether JupyterLab has saved outputs in the notebook at `path`, not committed either."""
    return b'"output_type"' in path.read_bytes() and uncommitted(path)


def uncommitted(path: Path) -> bool:
    """Whether git knows the file at `path` and it differs from the last commit."""
    try:
        return (
            subprocess.run(["git", "diff", "--quiet", "HEAD", "--", path], cwd=ROOT).returncode == 1
        )
    except OSError:
        return False


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """Leave out the files that `reset` has kept for a learner, and those being worked on."""
    if collection_path.suffix != ".ipynb":
        return None
    if ROOT / "tests" in collection_path.parents:  # handed in by a made-up class, not to be run
        return True
    if ".mine" in collection_path.name or holds_work(collection_path):
        return True
    return None


@pytest.fixture
def left_alone():
    """`left_alone(path)` skips the test when a learner is at work in the notebook at `path`.

    With `outputs=True` also when they have only run it.
    """

    def skip(path: Path, *, outputs: bool = False) -> None:
        if path.exists() and (holds_work(path) or (outputs and was_run(path))):
            pytest.skip(f"{path.parent.name}/{path.name} is in use by a learner")

    return skip
