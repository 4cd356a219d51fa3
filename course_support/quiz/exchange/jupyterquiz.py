"""Questions for and from jupyterquiz: a JSON list of choices and numbers.

jupyterquiz inserts questions, answers, reasons and code into the page as HTML, and takes `$` as
the begin of mathematics: both are escaped here. It shows its keys to whoever opens the page's
source, and has neither hints nor worked steps.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Callable, Iterable, Mapping
from html import escape
from typing import Any

from course_support.content import ContentError
from course_support.quiz.exchange.exported import CannotHold, Exported
from course_support.quiz.exchange.htmltext import to_code, to_markdown
from course_support.quiz.kinds.blanks import BLANK
from course_support.quiz.questions import Question
from course_support.quiz.rendering import phrase

Table = dict[str, Any]


def exported(questions: Iterable[Question]) -> Exported:
    """The questions as a JSON list; those that jupyterquiz cannot ask are named and left out."""
    held: list[Table] = []
    left_out = []
    for question in questions:
        try:
            held.append(_table(question))
        except CannotHold as reason:
            left_out.append(f"{question.id} ({question.kind}): {reason}")
    text = json.dumps(held, indent=2, ensure_ascii=False) + "\n"
    return Exported(text, len(held), tuple(left_out))


def _table(question: Question) -> Table:
    if question.kind not in _WRITERS:
        raise CannotHold("jupyterquiz has choices and numbers only.")
    asked = _WRITERS[question.kind](question)
    table: Table = {"question": _html(question.prompt), "type": asked["type"]}
    if question.code:
        table["code"] = escape(BLANK.sub("____", question.code.strip("\n")))
    return table | asked


def _choice(question: Question) -> Table:
    many = question.kind == "choices" or len(question.answer) > 1
    answers = [
        {
            "answer": _html(option.text),
            "correct": option.key in question.answer,
            "feedback": _html(option.why),
        }
        for option in question.options
    ]
    return {"type": "many_choice" if many else "multiple_choice", "answers": answers}


def _blanks(question: Question) -> Table:
    if question.blanks != 1:
        raise CannotHold("jupyterquiz cannot ask for several blanks.")
    answers = [
        {
            "code": escape(option.text),
            "correct": option.key in question.answer,
            "feedback": _html(option.why),
        }
        for option in question.options
    ]
    return {"type": "multiple_choice", "answers": answers}


def _number(question: Question) -> Table:
    if question.number is None:
        raise CannotHold("its right number is measured while the lesson runs.")
    spread = question.number * question.tolerance
    right = [question.number - spread, question.number + spread]
    answers: list[Table] = [{"type": "range", "range": right, "correct": True, "feedback": ""}]
    for belief in question.beliefs:
        value = {"type": "value", "value": belief.value}
        answers.append(value | {"correct": False, "feedback": _html(belief.why)})
    return {"type": "numeric", "answers": answers}


_WRITERS: Mapping[str, Callable[[Question], Table]] = {
    "choice": _choice, "choices": _choice, "line": _choice, "blanks": _blanks, "number": _number,
}  # fmt: skip


def _html(markdown: str) -> str:
    return phrase(markdown).replace("$", "&#36;")


def imported(text: str) -> tuple[list[Table], list[str]]:
    """Entries of the bank as far as the source goes, and what was left out, in words.

    Raises:
        ContentError: it is not a JSON list of questions.
    """
    try:
        given = json.loads(text)
    except ValueError as mistake:
        raise ContentError(f"This is not JSON: {mistake}.") from None
    if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
        raise ContentError("A file of jupyterquiz is a list of questions: [{...}, {...}].")
    entries: list[Table] = []
    left_out = []
    for number, table in enumerate(given, 1):
        try:
            entries.append(_entry(table, number, {entry["id"] for entry in entries}))
        except CannotHold as reason:
            left_out.append(f"question {number}: {reason}")
    return entries, left_out


def _entry(table: Table, number: int, taken: set[str]) -> Table:
    kind = str(table.get("type"))
    if kind not in _READERS:
        raise CannotHold(f"the bank has no kind for the type {kind!r}.")
    answers = table.get("answers")
    if not isinstance(answers, list) or not all(isinstance(one, dict) for one in answers):
        raise CannotHold("it has no list of answers.")
    prompt = to_markdown(str(table.get("question", "")))
    name = _id(prompt, number, taken)
    entry: Table = {"id": name, "section": "try", "kind": "", "level": "easy"}
    entry |= {"objective": "imported", "prompt": prompt or "What is right?"}
    if table.get("code"):
        entry["code"] = to_code(str(table["code"])).strip("\n") + "\n"
        entry |= {} if _compiles(entry["code"]) else {"compiles": False}
    return entry | _READERS[kind](answers)


def _compiles(code: str) -> bool:
    try:
        compile(code, "<imported>", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
    except (SyntaxError, ValueError):
        return False
    return True


def _id(prompt: str, number: int, taken: set[str]) -> str:
    words = re.findall(r"[a-z0-9]+", prompt.lower())[:4]
    name = "_".join(words)
    name = name if name[:1].isalpha() and len(words) > 1 else f"imported_{number}"
    return f"{name}_{number}" if name in taken else name


def _read_options(answers: list[Table]) -> list[Table]:
    options = []
    for number, one in enumerate(answers, 1):
        code = f"`{to_code(str(one['code'])).strip()}`" if one.get("code") else ""
        text = code or to_markdown(str(one.get("answer", "")))
        option: Table = {"key": f"option_{number}", "text": text or "(empty)"}
        if one.get("correct"):
            option["right"] = True
        if feedback := to_markdown(str(one.get("feedback", ""))):
            option["why"] = feedback
        options.append(option)
    return options


def _read_choice(answers: list[Table]) -> Table:
    options = _read_options(answers)
    right = sum("right" in option for option in options)
    if not right or right == len(options):
        raise CannotHold(f"{right} of its {len(options)} answers are right.")
    return {"kind": "choice" if right == 1 else "choices", "options": options}


def _read_number(answers: list[Table]) -> Table:
    right = [one for one in answers if one.get("correct")]
    if len(right) != 1:
        raise CannotHold(f"a number has one right answer, not {len(right)}.")
    low, high = right[0].get("range") or [right[0].get("value")] * 2
    if not all(isinstance(end, int | float) and end > 0 for end in (low, high)):
        raise CannotHold("the bank asks for numbers above 0.")
    number = (low + high) / 2
    beliefs = [
        {"value": one["value"], "why": to_markdown(str(one.get("feedback", "")))}
        for one in answers
        if not one.get("correct") and isinstance(one.get("value"), int | float)
    ]
    found: Table = {"kind": "number", "number": number, "beliefs": beliefs}
    return found | ({"tolerance": (high - low) / 2 / number} if high > low else {})


_READERS: Mapping[str, Callable[[list[Table]], Table]] = {
    "multiple_choice": _read_choice, "many_choice": _read_choice, "numeric": _read_number,
}  # fmt: skip
