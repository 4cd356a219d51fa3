"""What did a student hand in? The answer cells of a notebook, and nothing else of it.

A notebook comes from a stranger. It is read as plain JSON with a limit on its size; of its
cells only those are taken whose id is the id of an answer cell in the course's own notebook.
Tests, points, metadata, outputs and the kernel's name are never looked at.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, TypeAlias

from course_support.grading.cells import Cell, by_tag, grade_id, has_ids, source_of, with_id

LIMIT_BYTES = 4 * 2**20
CELLS_AT_MOST = 5_000
ANSWER_AT_MOST = 200_000  # characters of one cell; the longest solution of the course has 3,000
AnswerIds: TypeAlias = Mapping[str, Sequence[str]]


class Refusal(Exception):
    """Why a file is not judged, and what to do about it, in words for a teacher."""


@dataclass(frozen=True)
class Submission:
    """What one student handed in for one exercise.

    Attributes:
        student: who, as the folder or the file says.
        exercise: its key, such as `ex01_first_view`.
        cells: the answer cells' sources by cell id, in the order of the exercise; a cell that
            the notebook does not have is left out.
        file: where it lay, relative to the folder or zip that was collected.
        remarks: what a teacher should know about the file, each a sentence.
        number: the student's number in the learning platform, or empty.
        texts: the cells that a person marks, by cell id, prose or code; none of them is run.
            A cell that the notebook does not have is left out.
    """

    student: str
    exercise: str
    cells: Mapping[str, str]
    file: str = ""
    remarks: tuple[str, ...] = ()
    number: str = ""
    texts: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def digest(self) -> str:
        """A hash of what is judged: who handed it in and what a person marks do not count."""
        parts = [self.exercise, sorted(self.cells.items())]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


@dataclass(frozen=True)
class Refused:
    """A file that was not judged.

    Attributes:
        student: who, as far as the folder or the file says.
        file: where it lies, relative to what was collected.
        reason: why, and what to do.
    """

    student: str
    file: str
    reason: str


def read_cells(data: bytes) -> list[Cell]:
    """The cells of an `.ipynb`, those only that are JSON objects.

    Raises:
        Refusal: too large, no JSON, no notebook of format 4, or one of too many cells.
    """
    if len(data) > LIMIT_BYTES:
        raise Refusal(too_large(len(data)))
    notebook = _parsed(data)
    version = notebook.get("nbformat") if isinstance(notebook, dict) else None
    if version is None:
        raise Refusal("The file is JSON but no notebook. Ask for the .ipynb itself.")
    if version != 4:
        raise Refusal(
            f"The notebook has format {_brief(version)}, and only format 4 is read. "
            "Open it in JupyterLab, save it, and hand it in again."
        )
    cells = notebook.get("cells")
    if not isinstance(cells, list):
        raise Refusal("The notebook has no list of cells. Ask for it again.")
    if len(cells) > CELLS_AT_MOST:
        raise Refusal(
            f"The notebook has {len(cells)} cells, and at most {CELLS_AT_MOST} are read. "
            "Ask for one that was made from the course's."
        )
    return [cell for cell in cells if isinstance(cell, dict)]


def _brief(value: Any) -> str:
    return str(value)[:20] if isinstance(value, int | float | str) else "of another kind"


def too_large(size: int) -> str:
    """What is said about a file of `size` bytes."""
    return (
        f"The file has {size / 2**20:.1f} MiB, and at most {LIMIT_BYTES // 2**20} MiB are read. "
        "In JupyterLab: Edit > Clear Outputs of All Cells, save, hand in again."
    )


def _parsed(data: bytes) -> Any:
    if not data.strip():
        raise Refusal("The file is empty. Ask for it again.")
    try:
        return json.loads(data)
    except RecursionError:
        raise Refusal("The file is nested too deep to be a notebook. Ask for another.") from None
    except json.JSONDecodeError as mistake:
        where = f"line {mistake.lineno}, column {mistake.colno}"
        raise Refusal(
            f"The file is not whole JSON ({where}: {mistake.msg}): it was cut off or edited by "
            "hand. Ask for it again."
        ) from None
    except ValueError:  # not UTF-8, or a number of a million digits
        raise Refusal("The file is no text that JSON could be. Ask for it again.") from None


def read_notebook(
    data: bytes,
    student: str,
    file: str,
    known: AnswerIds,
    *,
    number: str = "",
    by_hand: AnswerIds = MappingProxyType({}),
) -> list[Submission]:
    """One submission for each exercise whose answer cells are in the notebook.

    A notebook without any of them, but named after an exercise, is a submission without
    cells: nothing was attempted, and the remark says why.

    Args:
        known: the ids of the answer cells by exercise.
        by_hand: the ids of the cells that a person marks by exercise.

    Raises:
        Refusal: it cannot be read, or belongs to no exercise.
    """
    cells = read_cells(data)
    named = _exercises_in(cells, file, known) or exercise_named(file, known)
    if not named:
        raise Refusal(
            "It has no answer cell of any exercise, and its name names none. "
            "Was it made from the course's notebook?"
        )
    found = []
    for key in named:
        taken, remarks = _take(cells, known[key])
        texts = _texts(cells, by_hand.get(key, ()), remarks)
        found.append(Submission(student, key, taken, file, tuple(remarks), number, texts))
    return found


def _exercises_in(cells: Sequence[Cell], file: str, known: AnswerIds) -> list[str]:
    """The exercises whose answer cells the notebook has.

    Two exercises may call a cell by the same id. Then the file's name says which of them is
    meant, or else the checks that the notebook asks for.
    """
    own = {cell["id"] for cell in cells if isinstance(cell.get("id"), str)}
    there = own | {one for cell in cells if isinstance(one := grade_id(cell), str)}
    keys = [key for key, ids in known.items() if not there.isdisjoint(ids)]
    ids = [one for key in keys for one in known[key]]
    if len(set(ids)) == len(ids):
        return keys
    named = exercise_named(file, {key: known[key] for key in keys})
    sources = [source_of(cell) or "" for cell in cells]
    asked = [key for key in keys if any(f'check("{key}"' in source for source in sources)]
    if not named and not asked:
        raise Refusal(
            f"It could be for {' or for '.join(keys)}. Name the file after its exercise, "
            f"such as {keys[0]}.ipynb."
        )
    return named or asked


def exercise_named(file: str, known: AnswerIds) -> list[str]:
    """The exercise that a file's name names: `ana_ex01_first_view.ipynb`, `ex01.ipynb`."""
    name = file.rpartition("/")[2].lower().replace("-", "_")
    whole = [key for key in known if key in name]
    return whole or [key for key in known if _has_word(name, key.split("_")[0])][:1]


def _has_word(name: str, word: str) -> bool:
    """`ex01` is a word of `ana_ex01` and none of `alex01` or `ex012`."""
    return bool(re.search(rf"(?<![a-z0-9]){re.escape(word)}(?!\d)", name))


def _take(cells: Sequence[Cell], ids: Sequence[str]) -> tuple[dict[str, str], list[str]]:
    """The sources of the cells with these ids, and remarks on what was not as it should be."""
    remarks: list[str] = []
    if not has_ids(cells):
        cells = by_tag(cells, ids, "answer")
        if cells:
            remarks.append(
                "The notebook has lost its cell ids; the cells tagged `answer` were judged."
            )
    taken: dict[str, str] = {}
    for one in ids:
        found = with_id(cells, one)
        if not found:
            remarks.append(f"The answer cell `{one}` is not in the notebook: nothing to judge.")
            continue
        if len({source_of(cell) for cell in found}) > 1:
            remarks.append(
                f"The answer cell `{one}` is there {len(found)} times; the last one was judged."
            )
        taken |= _runnable(one, found[-1], remarks)
    return taken, remarks


def _texts(cells: Sequence[Cell], ids: Sequence[str], remarks: list[str]) -> dict[str, str]:
    """The texts that a person marks. Of a cell that is there twice, both: a person can read."""
    if not has_ids(cells):
        cells = by_tag(cells, ids, "manual")
    taken: dict[str, str] = {}
    for one in ids:
        found = [text for cell in with_id(cells, one) if (text := source_of(cell)) is not None]
        found = list(dict.fromkeys(found))
        if len(found) > 1:
            remarks.append(f"The cell `{one}` is there {len(found)} times; all texts are shown.")
        text = "\n\n".join(found)
        if len(text) > ANSWER_AT_MOST:
            remarks.append(
                f"The cell `{one}` has {len(text):,} characters; {ANSWER_AT_MOST:,} were taken."
            )
        if found:
            taken[one] = text[:ANSWER_AT_MOST]
    return taken


def _runnable(one: str, cell: Cell, remarks: list[str]) -> dict[str, str]:
    source = source_of(cell)
    if source is None:
        remarks.append(f"The answer cell `{one}` has no text that could be run.")
    elif len(source) > ANSWER_AT_MOST:
        raise Refusal(
            f"The answer cell `{one}` has {len(source)} characters, and at most {ANSWER_AT_MOST} "
            "are judged. Ask for the answer without what was pasted into it."
        )
    elif cell.get("cell_type") != "code":
        remarks.append(f"The answer cell `{one}` is no code cell any more, and was not run.")
    else:
        return {one: source}
    return {}
