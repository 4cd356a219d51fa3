"""Is each key true on the installed Django? A proof is a script that fails when it is not.

Each proof runs in a process of its own, inside a running event loop, as a cell does: `await`
works at its top level, and the synchronous ORM refuses. It sees these names:

    question         the Question; question.right is a choice's key, question.answer all keys
    options          key -> text of the options, Markdown in a choice, code in blanks
    code_of(key)     the code of an option: its fenced block, its `backticks`, or its text
    completed(...)   the code with these texts in its blanks; without texts, the keyed answer
    await run(code)  runs code in a new namespace (it may await) and returns the namespace
    await raises(x)  the exception that x raises, x being code or a callable (its arguments
                     follow); fails when there is none
    Site             course_support.Site; write Site() first where a response is made, for
                     that needs Django's settings

Compare with the key, not with a letter, so that a wrong key makes the proof fail:

    # a choice: which options declare a coroutine function?
    from inspect import iscoroutinefunction
    declares = []
    for key in options:
        try:
            names = await run(code_of(key) + " pass")
        except SyntaxError:
            continue
        if iscoroutinefunction(names["hello"]):
            declares.append(key)
    assert declares == [question.right]

    # blanks: the finished view answers, and another option does not even compile
    from django.urls import path
    site = Site()
    site.urlpatterns = [path("hello/", (await run(completed()))["hello"])]
    assert (await site.get("/hello/")).text == "Hello"
    error = await raises(completed(options["await"]))
    assert isinstance(error, SyntaxError), error
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from course_support.quiz.fresh import CAN_FORK, Ended, forked, spawned
from course_support.quiz.questions import Question

TIMEOUT_S = 60.0
# More than the two processors that most machines have: half of a proof's time is waiting. 152
# proofs took 76 s two at a time, and 44 s four at a time.
WORKERS = 4


@dataclass(frozen=True)
class Proof:
    """What came of one proof.

    Attributes:
        question: the entry that it belongs to.
        django: the version it ran on.
        message: what went wrong, empty when the proof holds.
        line: the failing line, 1-based within the proof; 0 when it is not known.
        source: the text of that line.
        output: what the proof printed, warnings included.
    """

    question: Question
    django: str
    message: str = ""
    line: int = 0
    source: str = ""
    output: str = ""

    def __bool__(self) -> bool:
        return not self.message

    def __repr__(self) -> str:
        return f"<Proof {self.text()}>"

    def text(self) -> str:
        """One line: the entry, the Django version, and the failing line with its message."""
        entry = f"{self.question.place}, '{self.question.id}'".removeprefix(", ")
        if self:
            return f"{entry}: the proof holds on Django {self.django}."
        line = f", line {self.line} of the proof, `{self.source}`" if self.line else ""
        return f"{entry}: the proof fails on Django {self.django}{line}: {self.message}"


def prove(
    questions: Iterable[Question],
    *,
    workers: int = WORKERS,
    timeout_s: float = TIMEOUT_S,
    fork: bool = CAN_FORK,
    each: Callable[[Proof], object] | None = None,
) -> list[Proof]:
    """Run the proof of each question that has one; results in the order of the questions.

    Args:
        workers: how many run at a time.
        timeout_s: how long one may take, in seconds.
        fork: whether a proof's process is forked from one that has imported Django, which is
            several times as fast, or is a new interpreter. A proof cannot tell the difference.
        each: told of each result as it comes.
    """
    import django

    proven = [question for question in questions if question.proof]
    ways = forked if fork else spawned
    found: dict[int, Proof] = {}
    for ended in ways(proven, workers, timeout_s) if proven else ():
        proof = _proof(proven[ended.index], ended, timeout_s, django.get_version())
        found[ended.index] = proof
        if each:
            each(proof)
    return [found[index] for index in range(len(proven))]


def _proof(question: Question, ended: Ended, timeout_s: float, version: str) -> Proof:
    result: dict[str, Any]
    if ended.status is None:
        result = {"message": f"it did not end within {timeout_s:g} s."}
    else:
        try:
            result = json.loads(ended.said)
        except ValueError:
            last = ended.output.splitlines()[-1:] or ["no output"]
            result = {"message": f"its process ended with status {ended.status}: {last[0]}"}
    return Proof(question, version, output=ended.output, **result)
