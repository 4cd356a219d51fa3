"""What is a built notebook, byte for byte, and has somebody worked in it?"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from typing import Any

from course_support.authoring.percent import Cell

KERNELSPEC = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}


def notebook_text(name: str, cells: Sequence[tuple[int, Cell]]) -> str:
    """The `.ipynb` of `cells` (each with its position in the source): always the same bytes.

    A cell's id is the author's, or a hash of `name` and position, so that a change in one
    cell is a change of one place in the file. No outputs; nbformat 4.5.
    """
    import nbformat

    built = [_cell(name, position, cell) for position, cell in cells]
    metadata = {
        "course": {"built": sources_hash(built)},
        "kernelspec": KERNELSPEC,
        "language_info": {"name": "python"},
    }
    plain = {"cells": built, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    notebook = nbformat.from_dict(plain)  # type: ignore[no-untyped-call]
    nbformat.validate(notebook)
    text = nbformat.writes(notebook)  # type: ignore[no-untyped-call]
    return str(text).rstrip("\n") + "\n"


def _cell(name: str, position: int, cell: Cell) -> dict[str, Any]:
    built: dict[str, Any] = {
        "cell_type": cell.kind,
        "id": cell.id or cell_id(name, position),
        "metadata": {"tags": list(cell.tags)} if cell.tags else {},
        "source": cell.source,
    }
    return built | ({"execution_count": None, "outputs": []} if cell.kind == "code" else {})


def cell_id(name: str, position: int) -> str:
    """The id of a cell to which its author gave none."""
    return hashlib.sha256(f"{name}/{position}".encode()).hexdigest()[:8]


def sources_hash(cells: Iterable[Any]) -> str:
    """A hash of what stands in the cells.

    Outputs do not count, nor do empty cells: JupyterLab adds one when the last is run.
    """
    sources = [[cell["cell_type"], _joined(cell["source"]).strip()] for cell in cells]
    text = json.dumps([pair for pair in sources if pair[1]])
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def holds_work(notebook: Any, fresh: Any) -> bool:
    """Whether the cells of a parsed `.ipynb` are neither those it was built with nor `fresh`'s.

    A notebook that does not say what it was built with may hold anything: that is work.
    """
    built = notebook["metadata"].get("course", {}).get("built")
    now = sources_hash(notebook["cells"])
    return now not in (built, sources_hash(fresh["cells"]))


def _joined(source: str | list[str]) -> str:
    # nbformat allows a list of lines as well as one string; Jupyter writes the list.
    return source if isinstance(source, str) else "".join(source)
