"""Which cell of a stranger's notebook is meant, and what stands in it?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

Cell: TypeAlias = dict[str, Any]


def has_ids(cells: Sequence[Cell]) -> bool:
    """Whether any cell has a name, Jupyter's or nbgrader's."""
    return any(isinstance(cell.get("id"), str) or grade_id(cell) for cell in cells)


def by_tag(cells: Sequence[Cell], ids: Sequence[str], tag: str) -> list[Cell]:
    """Formats before 4.5 have no cell ids: there, the cells with the tag, by their order."""
    tagged = [cell for cell in cells if tag in _listed(_metadata(cell).get("tags"))]
    if len(tagged) != len(ids):
        return []
    return [cell | {"id": one} for cell, one in zip(tagged, ids, strict=True)]


def with_id(cells: Sequence[Cell], one: str) -> list[Cell]:
    """The cells of this id, or else those that nbgrader calls so."""
    return [cell for cell in cells if cell.get("id") == one] or [
        cell for cell in cells if grade_id(cell) == one
    ]


def grade_id(cell: Cell) -> Any:
    """What nbgrader calls the cell."""
    own = _metadata(cell).get("nbgrader")
    return own.get("grade_id") if isinstance(own, dict) else None


def _metadata(cell: Cell) -> dict[str, Any]:
    metadata = cell.get("metadata")
    return metadata if isinstance(metadata, dict) else {}


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def source_of(cell: Cell) -> str | None:
    """The cell's text; None where it has none. Halves of surrogate pairs become `?`."""
    source = cell.get("source")
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "".join(source)
    return source.encode("utf-8", "replace").decode() if isinstance(source, str) else None
