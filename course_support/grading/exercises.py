"""What exercises are there, and how does a learner get unstuck in one?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from html import escape
from pathlib import Path
from typing import Any

from course_support.content import ContentError, Entry, entries, shown
from course_support.places import EXERCISES
from course_support.quiz.recording import note_hint

HINTS_AT_MOST = 3
COMMENT = "comment"  # in the table of marks, the line of the comment on the whole
_REQUIRED = ("id", "title", "lesson", "minutes", "hints", "commentary")
_KEYS = {*_REQUIRED, "points", "weights", "mistake", "manual"}


@dataclass(frozen=True)
class Mistake:
    """A known mistake that a view raises, and what is said about it.

    Attributes:
        raised: searched in "Type: message" of the exception, and in the learner's line that
            stands below it ("at cell 4, line 3: ..."): some messages are the same for many lines.
        words: the next step, for the learner who made it.
    """

    raised: re.Pattern[str]
    words: str


@dataclass(frozen=True)
class Manual:
    """Something that a person marks, such as a decision record.

    Attributes:
        id: the id of the cell that is read, tagged `manual` in the exercise's source; it also
            names the line in the table of marks.
        title: what is marked, for the teacher and the student.
        points: what it counts at most, beside the points of the checks.
    """

    id: str
    title: str
    points: int


@dataclass(frozen=True)
class Exercise:
    """One entry of `exercises.toml`.

    Attributes:
        key: names the notebook, the source, the checks and the argument of `check`.
        lesson: the notebook it belongs to, such as `01_first_async_view`.
        minutes: how long it takes a learner, about.
        points: what its checks count in a class, all together.
        hints: direction, cause, shape; at most three.
        commentary: what was proved; shown after every check has passed.
        mistakes: in the order in which they are looked for.
        weights: how often a check counts, by its name; one that is not named counts once.
        manual: what a person marks, beside the checks.
    """

    key: str
    title: str
    lesson: str
    minutes: int
    hints: tuple[str, ...]
    commentary: str
    points: int = 1
    mistakes: tuple[Mistake, ...] = ()
    weights: Mapping[str, int] = field(default_factory=dict, hash=False)
    manual: tuple[Manual, ...] = ()

    def words_about(self, raised: str) -> str:
        """What is said about `raised` ("Type: message", then "at" its line); "" when not known."""
        return next((m.words for m in self.mistakes if m.raised.search(raised)), "")


@dataclass(frozen=True, repr=False)
class Hint:
    """A hint, or the sentence that none is left.

    Attributes:
        number: 1 to `total`; 0 where none is left.
    """

    text: str
    number: int
    total: int

    @property
    def label(self) -> str:
        """As in "Hint 1 of 3"."""
        return f"Hint {self.number} of {self.total}" if self.number else "No further hint"

    def __repr__(self) -> str:
        return f"{self.label}: {self.text}"

    def _repr_html_(self) -> str:
        code = re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(self.text))
        return f"<p><strong>{self.label}.</strong> {code}</p>"


def exercises(folder: Path = EXERCISES) -> dict[str, Exercise]:
    """Every exercise of `folder/exercises.toml` by its key, in the order of the file.

    Raises:
        ContentError: the file or an entry of it is not well-formed; it names the line.
    """
    path = folder / "exercises.toml"
    text = path.read_bytes() if path.is_file() else b""
    return dict(_exercises(folder, text))


@lru_cache(16)
def _exercises(folder: Path, _text: bytes) -> dict[str, Exercise]:
    """Parsed anew when the text has changed: a batch asks thousands of times."""
    found: dict[str, Exercise] = {}
    for entry in entries(folder / "exercises.toml", "exercise"):
        exercise = _exercise(entry)
        if exercise.key in found:
            raise entry.error("this id is used twice.")
        if not (folder / "checks" / f"{exercise.key}.py").is_file():
            raise entry.error(f"checks/{exercise.key}.py is missing.")
        found[exercise.key] = exercise
    return found


def find(key: str, folder: Path = EXERCISES) -> Exercise:
    """The exercise with this key; "ex01" and "fix01" are enough where one key begins so.

    Raises:
        LookupError: there is none; the text lists the known keys.
    """
    known = exercises(folder)
    begin_so = [name for name in known if name == key or name.startswith(f"{key}_")]
    if len(begin_so) != 1:
        raise LookupError(f"There is no exercise {key!r}. The exercises are: {', '.join(known)}.")
    return known[begin_so[0]]


_given: dict[str, int] = {}


def hint(key: str) -> Hint:
    """The next hint for an exercise: `hint("ex01_first_view")`, one at each call.

    Raises:
        LookupError: there is no such exercise; the text lists the known ones.
    """
    exercise = find(key)
    number, total = _given.get(exercise.key, 0) + 1, len(exercise.hints)
    if number > total:
        return Hint(f"all {total} have been given. `check` says what was seen.", 0, total)
    _given[exercise.key] = number
    note_hint(exercise.key, exercise.lesson, number, total)
    return Hint(exercise.hints[number - 1], number, total)


def _exercise(entry: Entry) -> Exercise:
    entry.check_keys(_KEYS, _REQUIRED)
    values = entry.values
    for key, kind in (("id", str), ("title", str), ("lesson", str), ("commentary", str)):
        _check_type(entry, key, kind)
    for key in ("minutes", "points"):
        _check_type(entry, key, int)
    return Exercise(
        key=values["id"],
        title=values["title"],
        lesson=values["lesson"],
        minutes=values["minutes"],
        points=values.get("points", 1),
        hints=_hints(entry),
        commentary=values["commentary"].strip(),
        mistakes=tuple(_mistakes(entry)),
        weights=_weights(entry),
        manual=tuple(_manual(entry)),
    )


def _check_type(entry: Entry, key: str, kind: type) -> None:
    value = entry.values.get(key, kind())
    if not isinstance(value, kind) or isinstance(value, bool):
        wanted = {str: "a text", int: "a whole number"}[kind]
        raise entry.error(f"'{key}' is {wanted}; it is {value!r}.")


def _hints(entry: Entry) -> tuple[str, ...]:
    hints = entry.values["hints"]
    whole = isinstance(hints, list) and all(isinstance(text, str) for text in hints)
    if not whole or not 1 <= len(hints) <= HINTS_AT_MOST:
        raise entry.error(f"'hints' is a list of 1 to {HINTS_AT_MOST} texts.")
    return tuple(hints)


def _weights(entry: Entry) -> dict[str, int]:
    found = entry.values.get("weights", {})
    whole = isinstance(found, dict) and all(type(value) is int for value in found.values())
    if not whole or any(value < 0 for value in found.values()):
        raise entry.error("'weights' gives checks whole numbers: { check_asks_once = 2 }.")
    return dict(found)


def _manual(entry: Entry) -> Iterator[Manual]:
    for number, values in enumerate(_tables(entry, "manual"), 1):
        part = Entry(f"{entry.name}, manual item {number}", values, entry.path, entry.line)
        part.check_keys({"id", "title", "points"}, ("id", "title", "points"))
        for key, kind in (("id", str), ("title", str), ("points", int)):
            _check_type(part, key, kind)
        if not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", values["id"]) or values["id"] == COMMENT:
            raise part.error(f"'id' is the id of a cell, and not {COMMENT!r}.")
        if values["points"] < 1:
            raise part.error(f"'points' is 1 or more; it is {values['points']}.")
        yield Manual(values["id"], values["title"], values["points"])


def _tables(entry: Entry, key: str) -> list[Any]:
    found = entry.values.get(key, [])
    if not isinstance(found, list):
        raise entry.error(f"write [[exercise.{key}]] with two brackets.")
    return found


def _mistakes(entry: Entry) -> Iterator[Mistake]:
    for number, values in enumerate(_tables(entry, "mistake"), 1):
        part = Entry(f"{entry.name}, mistake {number}", values, entry.path, entry.line)
        yield _mistake(part, values)


def _mistake(part: Entry, values: Mapping[str, Any]) -> Mistake:
    part.check_keys({"raised", "words"}, ("raised", "words"))
    try:
        return Mistake(re.compile(values["raised"]), values["words"].strip())
    except re.error as error:
        raise part.error(f"'raised' is no regular expression: {error}.") from None


def checks_file(exercise: Exercise, folder: Path = EXERCISES) -> Path:
    """Where the checks of an exercise are written."""
    path = folder / "checks" / f"{exercise.key}.py"
    if not path.is_file():
        raise ContentError(f"{shown(path)}: there is no such file.")
    return path
