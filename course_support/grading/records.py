"""How is a report kept, so that what was judged once is not judged again?"""

from __future__ import annotations

import hashlib
import json
import os
import platform
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

from course_support.grading.exercises import Exercise, checks_file
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

    def key(self, exercise: Exercise, submission: Submission) -> str:
        """The same for the same answer to the same checks, whoever gave it."""
        parts = f"{fingerprint(exercise)} {submission.digest} {self.mode}"
        return hashlib.sha256(parts.encode()).hexdigest()

    def kept(self, key: str) -> Report | None:
        """The report under this key; a file that is damaged counts as none."""
        try:
            return from_json(json.loads((self.folder / f"{key}.json").read_text("utf-8")))
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def keep(self, key: str, report: Report) -> None:
        """Write the report at once: whoever is killed meanwhile leaves none or all of it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        unfinished = self.folder / f".{key}.{os.getpid()}.tmp"
        unfinished.write_text(json.dumps(to_json(report)), "utf-8")
        unfinished.replace(self.folder / f"{key}.json")
