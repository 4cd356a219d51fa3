"""What do the checks in an exercise's notebook say when all its cells are run?"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from course_support.authoring.building import Target, starters
from course_support.places import ROOT
from course_support.verdicts import Outcome

if TYPE_CHECKING:
    from nbclient import NotebookClient

CELL_TIMEOUT_S = 120

# Runs last, in the learner's kernel: a report is the value of the cell that asked for it.
COLLECT = """
import json as _json
from course_support.verdicts import Report as _Report
_text = lambda _r: "\\n".join([_r.text(), *(_v.text() for _v in _r.hidden)])
print(_json.dumps([[str(_r.outcome), _text(_r)] for _r in Out.values() if isinstance(_r, _Report)]))
"""


class Found(NamedTuple):
    """What a run of a notebook brought.

    Attributes:
        reports: the outcome and the text of each report, in the order of the cells.
        trouble: errors of cells, and a kernel that died or a cell that took too long.
    """

    reports: tuple[tuple[str, str], ...]
    trouble: tuple[str, ...]


def client_for(notebook: Any, folder: Path, **options: Any) -> NotebookClient:
    """A client that runs `notebook` in a fresh kernel whose working directory is `folder`."""
    from nbclient import NotebookClient
    from traitlets.config import Config

    # Without encryption ipykernel 7.4 prints a warning at each start. The client makes the
    # kernel's manager itself: it leaves one that it is given, and its kernel, running.
    return NotebookClient(
        notebook,
        kernel_name="python3",
        config=Config({"KernelManager": {"transport_encryption": "auto"}}),
        store_widget_state=False,
        resources={"metadata": {"path": str(folder)}},
        **{"timeout": CELL_TIMEOUT_S, **options},
    )


def run(path: Path, *, timeout_s: int = CELL_TIMEOUT_S) -> Found:
    """Run all cells of the notebook at `path` in a fresh kernel; the file is only read."""
    import nbformat
    from nbclient.exceptions import CellTimeoutError, DeadKernelError

    notebook = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    cells = list(notebook.cells)
    notebook.cells.append(nbformat.v4.new_code_cell(COLLECT))  # type: ignore[no-untyped-call]
    client = client_for(notebook, path.parent, timeout=timeout_s, allow_errors=True)
    try:
        client.execute()
    except CellTimeoutError:
        return Found((), (*_errors(cells), f"A cell took longer than {timeout_s} s."))
    except DeadKernelError:
        return Found((), (*_errors(cells), "The kernel died."))
    return Found(tuple(_reports(notebook.cells[-1])), tuple(_errors(cells)))


def _reports(cell: Any) -> Iterator[tuple[str, str]]:
    for output in cell.outputs:
        if output.output_type == "stream" and output.name == "stdout":
            yield from ((outcome, text) for outcome, text in json.loads(output.text))


def _errors(cells: Sequence[Any]) -> Iterator[str]:
    code = [cell for cell in cells if cell.cell_type == "code"]
    for number, cell in enumerate(code, start=1):
        tags = cell.metadata.get("tags", [])
        for output in cell.outputs:
            if output.output_type == "error" and "raises-exception" not in tags:
                yield f"Code cell {number} raised {output.ename}: {output.evalue}"


def check(names: Sequence[str] = (), root: Path = ROOT) -> int:
    """Print what the checks of the exercises called `names` say; 0 when all are correct.

    Raises:
        LookupError: a name is unknown; it lists the known ones.
    """
    results = [_checked(exercise) for exercise in starters(names, root)]
    return 0 if all(results) else 1


def _checked(exercise: Target) -> bool:
    if not exercise.path.exists():
        print(f"{exercise.shown} is missing: python -m course_support build {exercise.name}")
        return False
    found = run(exercise.path)
    for line in found.trouble:
        print(f"{exercise.shown}: {line}")
    for _, text in found.reports:
        print(text)
    if not found.reports:
        print(f"{exercise.shown} has no check in it: its last cell is `await check(...)`.")
    outcomes = [outcome for outcome, _ in found.reports]
    return bool(outcomes) and all(outcome == Outcome.CORRECT for outcome in outcomes)
