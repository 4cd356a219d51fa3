"""Where are the questions, and is each of them well-formed?"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from course_support import places
from course_support.content import ContentError, Entry, entries, read_toml, shown
from course_support.quiz.questions import BLANK, KINDS, LEVELS, Option, Question

SECTIONS = (
    "why", "learn", "visualize", "deep", "try", "challenge", "project", "recall", "cost", "test",
)  # fmt: skip

SOURCES = (
    "A-idea", "A-scenario", "A-problem", "A-solution", "A-before-after", "A-enables",
    "A-takeaways", "A-real-life", "A-Q1", "A-Q2", "A-Q3", "A-Q4", "A-Q5",
    "B-T1", "B-T2", "B-T3", "B-T4", "B-T5", "B-Q1", "B-Q2", "B-Q3", "B-Q4", "B-Q5",
)  # fmt: skip

_TYPES = {
    **dict.fromkeys(("id", "section", "kind", "level", "objective", "prompt"), "text"),
    **dict.fromkeys(("code", "quick_check", "proof", "back", "cell"), "text"),
    **dict.fromkeys(("source", "hints", "steps", "mistakes", "answer"), "list of texts"),
    **dict.fromkeys(("reuse", "compiles"), "true or false"),
    "attempts": "whole number",
    "options": "list of tables",
}
_COMMON = {"id", "section", "kind", "level", "objective", "prompt"}
_OPTIONAL = {"source", "code", "proof"}
_JUDGED = {"options", "hints", "steps", "quick_check", "mistakes", "proof"}
_REQUIRED = {
    "choice": _COMMON | _JUDGED,
    "blanks": _COMMON | _JUDGED | {"code", "answer"},
    "card": _COMMON | {"back"},
}
_KNOWN = {
    "choice": _REQUIRED["choice"] | _OPTIONAL | {"attempts", "compiles"},
    "blanks": _REQUIRED["blanks"] | _OPTIONAL | {"attempts", "reuse"},
    "card": _REQUIRED["card"] | _OPTIONAL | {"cell", "compiles"},
}
_ATTEMPTS = {"choice": 2, "blanks": 3, "card": 1}
_OPTION_KEYS = {"key", "text", "why", "misconception"}


@dataclass(frozen=True)
class Lesson:
    """The questions of one lesson, in the order of its file.

    Attributes:
        name: the lesson's key, `01_first_async_view`.
        objectives: what the learner can do afterwards, key -> sentence.
    """

    name: str
    objectives: Mapping[str, str]
    questions: tuple[Question, ...]

    def chosen(self, which: str | None = None) -> tuple[Question, ...]:
        """All questions, those of a section, or the one with that id.

        Raises:
            LookupError: neither a section with questions nor an id; the text lists both.
        """
        found = tuple(q for q in self.questions if which in (None, q.id, q.section))
        if found:
            return found
        sections = [name for name in SECTIONS if any(q.section == name for q in self.questions)]
        ids = [question.id for question in self.questions]
        raise LookupError(
            f"{self.name} has no question and no section {which!r}. "
            f"Its sections: {', '.join(sections)}. Its questions: {', '.join(ids)}."
        )


def lesson_names(folder: Path = places.QUESTIONS) -> list[str]:
    """The lessons that have questions, in order."""
    return sorted(path.stem for path in folder.glob("*.toml"))


def lesson(name: str, folder: Path = places.QUESTIONS) -> Lesson:
    """The lesson called `name`, such as `01_first_async_view` or just `01`.

    Raises:
        LookupError: no such lesson; the text lists them.
        ContentError: its file has a mistake.
    """
    names = lesson_names(folder)
    for known in names:
        if name in (known, known.split("_")[0]):
            return read_lesson(folder / f"{known}.toml")
    raise LookupError(f"There are no questions for {name!r}. The lessons are: {', '.join(names)}.")


def question(question_id: str, folder: Path = places.QUESTIONS) -> Question:
    """The question with this id, whatever its lesson.

    Raises:
        LookupError: there is none; the text lists the ids.
    """
    known = {q.id: q for part in read_bank(folder) for q in part.questions}
    if question_id not in known:
        raise LookupError(
            f"There is no question {question_id!r}. The questions are: {', '.join(known)}."
        )
    return known[question_id]


def read_bank(folder: Path = places.QUESTIONS) -> tuple[Lesson, ...]:
    """All lessons of the bank.

    Raises:
        ContentError: a file has a mistake, or two questions have one id.
    """
    lessons = tuple(read_lesson(folder / f"{name}.toml") for name in lesson_names(folder))
    _check_ids(question for part in lessons for question in part.questions)
    return lessons


def read_lesson(path: Path) -> Lesson:
    """The lesson in the file at `path`, each entry looked over.

    Raises:
        ContentError: a mistake, with file, line and entry.
    """
    data, _ = read_toml(path)
    objectives = _objectives(path, data)
    questions = tuple(
        _question(entry, path.stem, objectives) for entry in entries(path, "question")
    )
    _check_ids(questions)
    return Lesson(path.stem, objectives, questions)


def _objectives(path: Path, data: Mapping[str, Any]) -> dict[str, str]:
    known = {"lesson", "objectives", "question"}
    for key in data:
        if key not in known:
            raise ContentError(
                f"{shown(path)}: unknown key '{key}'. Known keys: {', '.join(sorted(known))}."
            )
    if data.get("lesson") != path.stem:
        raise ContentError(f'{shown(path)}: write lesson = "{path.stem}", as the file is called.')
    objectives = data.get("objectives", {})
    if not isinstance(objectives, dict) or not _are_texts(list(objectives.values())):
        raise ContentError(f"{shown(path)}: [objectives] has one sentence for each key.")
    return objectives


def _check_ids(questions: Iterator[Question] | Sequence[Question]) -> None:
    seen: dict[str, Question] = {}
    for one in questions:
        if one.id in seen:
            first = seen[one.id].place
            raise ContentError(f"{one.place}, '{one.id}': this id is taken, see {first}.")
        seen[one.id] = one


def _question(entry: Entry, lesson_name: str, objectives: Mapping[str, str]) -> Question:
    kind = str(_one_of(entry, "kind", KINDS))
    entry.check_keys(sorted(_KNOWN[kind]), sorted(_REQUIRED[kind]))
    for key, value in entry.values.items():
        if not _has_type(_TYPES[key], value):
            raise entry.error(f"'{key}' is a {_TYPES[key]}, not {value!r}.")
    options = tuple(_option(entry, kind, table) for table in entry.values.get("options", ()))
    values: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value
        for key, value in entry.values.items()
    } | {"options": options}
    if kind == "choice":
        values["answer"] = tuple(option.key for option in options if option.right)
    values.setdefault("attempts", _ATTEMPTS[kind])
    found = Question(
        **values,
        lesson=lesson_name,
        aim=objectives.get(entry.values["objective"], ""),
        place=f"{shown(entry.path)}, line {entry.line}",
    )
    _lint(entry, found, objectives)
    return found


def _option(entry: Entry, kind: str, table: Mapping[str, Any]) -> Option:
    known = _OPTION_KEYS | ({"right"} if kind == "choice" else set())
    for key, value in table.items():
        if key not in known:
            raise entry.error(
                f"unknown key '{key}' in an option. Known keys: {', '.join(sorted(known))}."
            )
        if not isinstance(value, bool if key == "right" else str):
            raise entry.error(f"'{key}' of an option cannot be {value!r}.")
    for key in ("key", "text"):
        if not table.get(key):
            raise entry.error(f"an option has no '{key}': {dict(table)!r}.")
    return Option(**table)


def _lint(entry: Entry, found: Question, objectives: Mapping[str, str]) -> None:
    _one_of(entry, "section", SECTIONS)
    _one_of(entry, "level", LEVELS)
    _one_of(entry, "objective", list(objectives))
    if not re.fullmatch(r"[a-z][a-z0-9_]*", found.id) or found.id in SECTIONS:
        raise entry.error("an id is made of a-z, 0-9 and _, and is not the name of a section.")
    for item in found.source:
        if item not in SOURCES:
            raise entry.error(f"unknown source '{item}'. Known: {', '.join(SOURCES)}.")
    if found.attempts < 1:
        raise entry.error(f"'attempts' is at least 1, not {found.attempts}.")
    if found.kind != "card":
        _lint_options(entry, found)
        _lint_help(entry, found)
    _lint_code(entry, found)
    if found.proof:
        _lint_proof(entry, found)


def _lint_options(entry: Entry, found: Question) -> None:
    keys = [option.key for option in found.options]
    for key in keys:
        if keys.count(key) > 1:
            raise entry.error(f"two options have the key '{key}'.")
    if found.kind == "choice" and len(keys) < 3:
        raise entry.error(f"a choice has at least 3 options, not {len(keys)}.")
    if found.kind == "choice" and len(found.answer) != 1:
        raise entry.error(f"exactly one option has right = true, not {len(found.answer)}.")
    for option in found.options:
        if option.key not in found.answer and not option.why:
            raise entry.error(f"option '{option.key}' is wrong and has no 'why'.")
        if option.misconception and not re.fullmatch(r"m\d+", option.misconception):
            raise entry.error(f"a misconception is m1, m2 ..., not '{option.misconception}'.")


def _lint_help(entry: Entry, found: Question) -> None:
    if not 1 <= len(found.hints) <= 3:
        raise entry.error(f"a question has 1 to 3 hints, not {len(found.hints)}.")
    for key in ("prompt", "quick_check", "proof"):
        if not getattr(found, key).strip():
            raise entry.error(f"'{key}' is empty.")
    for key in ("steps", "mistakes"):
        if not getattr(found, key):
            raise entry.error(f"'{key}' has at least one line.")


def _lint_code(entry: Entry, found: Question) -> None:
    numbers = [int(number) for number in BLANK.findall(found.code)]
    if found.kind != "blanks":
        if numbers:
            raise entry.error(f"only kind 'blanks' has blanks in its code, not '{found.kind}'.")
    else:
        _lint_blanks(entry, found, numbers)
    if found.code and found.compiles:
        _compiled(entry, "code with the answer filled in", found.completed())


def _lint_blanks(entry: Entry, found: Question, numbers: Sequence[int]) -> None:
    if sorted(numbers) != list(range(len(numbers))) or not numbers:
        raise entry.error(f"blanks are numbered from {{{{0}}}} without gaps, not {list(numbers)}.")
    if len(found.answer) != len(numbers):
        raise entry.error(f"{len(numbers)} blanks, but {len(found.answer)} in 'answer'.")
    keys = [option.key for option in found.options]
    for key in found.answer:
        if key not in keys:
            raise entry.error(f"the answer '{key}' is no option. The options: {', '.join(keys)}.")
        if found.answer.count(key) > 1 and not found.reuse:
            raise entry.error(f"the answer uses '{key}' twice: write reuse = true.")
    if all(key in found.answer for key in keys) and len(set(keys)) < 2:
        raise entry.error("there is nothing to choose from: add wrong options.")


def _lint_proof(entry: Entry, found: Question) -> None:
    tree = _compiled(entry, "proof", found.proof)
    shows = any(
        isinstance(node, ast.Assert) or (isinstance(node, ast.Name) and node.id == "raises")
        for node in ast.walk(tree)
    )
    if not shows:
        raise entry.error("the proof asserts nothing: use assert or raises().")


def _compiled(entry: Entry, what: str, source: str) -> ast.Module:
    try:
        compile(source, "<bank>", "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
        return ast.parse(source)
    except SyntaxError as mistake:
        text = (mistake.text or "").strip()
        meant = " Where that is meant, write compiles = false." if what != "proof" else ""
        raise entry.error(
            f"the {what} does not compile, its line {mistake.lineno}: "
            f"{text!r}: {mistake.msg}.{meant}"
        ) from None


def _one_of(entry: Entry, key: str, known: Sequence[str]) -> object:
    value = entry.values.get(key)
    if value not in known:
        raise entry.error(f"unknown {key} {value!r}. Known: {', '.join(known)}.")
    return value


def _has_type(name: str, value: object) -> bool:
    if name == "text":
        return isinstance(value, str)
    if name == "true or false":
        return isinstance(value, bool)
    if name == "whole number":
        return isinstance(value, int) and not isinstance(value, bool)
    if name == "list of texts":
        return _are_texts(value)
    return isinstance(value, list) and all(isinstance(item, dict) for item in value)


def _are_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)
