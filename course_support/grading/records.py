"""How is a report kept, so that what was judged once is not judged again?"""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

from course_support.grading.exercises import Exercise, checks_file
from course_support.grading.files import not_written, write_whole
from course_support.grading.setups import setup_of
from course_support.grading.submissions import Submission
from course_support.places import ROOT
from course_support.verdicts import Outcome, Report, Verdict


def to_json(report: Report) -> dict[str, Any]:
    """The report as values that JSON can hold."""
    return asdict(report)


def from_json(values: Mapping[str, Any]) -> Report:
    """The report that `to_json` made these values of.

    Raises:
        KeyError, TypeError, ValueError: they are none.
    """
    known = {one.name for one in fields(Verdict)}
    verdicts = [
        Verdict(**{**one, "outcome": Outcome(one["outcome"])})
        for one in values["verdicts"]
        if known.issuperset(one)
    ]
    if not verdicts or len(verdicts) != len(values["verdicts"]):
        raise ValueError("no report of this version of the course")
    return Report(**{**values, "verdicts": tuple(verdicts)})


@cache
def fingerprint(exercise: Exercise) -> str:
    """A hash of all that a verdict on the exercise depends on, beside the submission.

    Its checks, its entry in exercises.toml, the cells around the answer, the library that runs
    them, and the versions of Django and Python.
    """
    import django

    plain = (exercise, setup_of(exercise), django.VERSION, platform.python_version())
    found = hashlib.sha256(repr(plain).encode())
    for path in (checks_file(exercise), *_library()):
        content = path.read_bytes()
        found.update(f"{path.name} {len(content)} ".encode() + content)
    return found.hexdigest()


def _library() -> Iterator[Path]:
    code = ROOT / "course_support"
    yield from sorted(code.glob("*.py"))
    for folder in ("grading", "live"):
        yield from sorted((code / folder).rglob("*.py"))


@dataclass(frozen=True)
class Store:
    """Reports on disk, one file each, under a hash of what was judged by what.

    Attributes:
        folder: made when the first report is kept.
        mode: how the submissions' code is shut in; other modes have other reports.
    """

    folder: Path
    mode: str = ""

    def key(self, exercise: Exercise, submission: Submission, hidden: str = "") -> str:
        """The same for the same answer to the same checks, whoever gave it.

        Args:
            hidden: the text of a teacher's own checks of the exercise.
        """
        parts = f"{fingerprint(exercise)} {submission.digest} {self.mode} {hidden}"
        return hashlib.sha256(parts.encode()).hexdigest()

    def kept(self, key: str) -> Report | None:
        """The report under this key; a file that is damaged, or another's, counts as none."""
        try:
            kept = json.loads((self.folder / f"{key}.json").read_text("utf-8"))
            values = kept["report"]
            return from_json(values) if kept["seal"] == _seal(key, values) else None
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return None

    def keep(self, key: str, report: Report) -> None:
        """Write the report at once: whoever is killed meanwhile leaves none or all of it.

        Raises:
            ContentError: the disk is full, or the folder cannot be written.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise not_written(self.folder, error) from None
        values = to_json(report)
        text = json.dumps({"seal": _seal(key, values), "report": values})
        write_whole(self.folder / f"{key}.json", text)


def _seal(key: str, values: Mapping[str, Any]) -> str:
    """By this a file that was torn, changed or renamed is known; it is no secret."""
    return hashlib.sha256(f"{key} {json.dumps(values)}".encode()).hexdigest()
