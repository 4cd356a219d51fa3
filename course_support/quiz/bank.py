"""Where are the questions, and which of them are wanted?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from course_support import places
from course_support.content import ContentError, Entry, entries, read_toml, shown
from course_support.quiz.fields import SECTIONS, SOURCES
from course_support.quiz.kinds import KINDS
from course_support.quiz.numbers import Belief
from course_support.quiz.questions import Option, Question
from course_support.quiz.wellformed import check_sense, check_shape

__all__ = ["SECTIONS", "SOURCES", "Lesson", "lesson", "lesson_names", "question", "read_bank"]


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


def lesson_names(folder: Path | None = None) -> list[str]:
    """The lessons that have questions, in order; `folder` is `places.QUESTIONS` by default."""
    return sorted(path.stem for path in (folder or places.QUESTIONS).glob("*.toml"))


def lesson(name: str, folder: Path | None = None) -> Lesson:
    """The lesson called `name`, such as `01_first_async_view` or just `01`.

    Raises:
        LookupError: no such lesson; the text lists them.
        ContentError: its file has a mistake.
    """
    names = lesson_names(folder)
    for known in names:
        if name in (known, known.split("_")[0]):
            return read_lesson((folder or places.QUESTIONS) / f"{known}.toml")
    raise LookupError(f"There are no questions for {name!r}. The lessons are: {', '.join(names)}.")


def question(question_id: str, folder: Path | None = None) -> Question:
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


def read_bank(folder: Path | None = None) -> tuple[Lesson, ...]:
    """All lessons of the bank.

    Raises:
        ContentError: a file has a mistake, or two questions have one id.
    """
    folder = folder or places.QUESTIONS
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
    objectives: Any = data.get("objectives")
    if not isinstance(objectives, dict) or not objectives:
        raise ContentError(f'{shown(path)}: write [objectives], with key = "sentence" lines.')
    for key, sentence in objectives.items():
        if not isinstance(sentence, str):
            raise ContentError(f"{shown(path)}: the objective '{key}' is no sentence.")
    return objectives


def _check_ids(questions: Iterable[Question]) -> None:
    seen: dict[str, Question] = {}
    for one in questions:
        if one.id in seen:
            first = seen[one.id].place
            raise ContentError(f"{one.place}, '{one.id}': this id is taken, see {first}.")
        seen[one.id] = one


# Keys of the bank that are called otherwise in a `Question`, or are taken apart by its kind.
_RENAMED = {"judge": "judged_by"}
_TAKEN_APART = ("options", "pairs", "beliefs", "answer")


def _question(entry: Entry, lesson_name: str, objectives: Mapping[str, str]) -> Question:
    check_shape(entry)
    kind = KINDS[entry.values["kind"]]
    values = {
        _RENAMED.get(key, key): _frozen(value)
        for key, value in entry.values.items()
        if key not in _TAKEN_APART
    }
    options = tuple(Option(**{"key": "", **table}) for table in entry.values.get("options", ()))
    values |= kind.built(entry.values, options)
    values.setdefault("attempts", kind.attempts)
    values["proof"] = "\n".join(filter(None, (values.get("proof"), kind.proof())))
    values["beliefs"] = tuple(_belief(entry, table) for table in entry.values.get("beliefs", ()))
    found = Question(
        **values,
        lesson=lesson_name,
        aim=objectives.get(values["objective"], ""),
        place=f"{shown(entry.path)}, line {entry.line}",
    )
    check_sense(entry, found, objectives)
    return found


def _belief(entry: Entry, table: Mapping[str, Any]) -> Belief:
    try:
        return Belief(**table)
    except TypeError:
        raise entry.error(
            f"a belief has the keys value, why and misconception: {dict(table)}."
        ) from None


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
