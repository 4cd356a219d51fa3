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

import asyncio
import contextlib
import inspect
import json
import os
import pickle
import re
import subprocess
import sys
import traceback
from collections.abc import Awaitable, Callable, Generator, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from course_support.places import ROOT
from course_support.quiz.questions import Question
from course_support.quiz.running import execute

TIMEOUT_S = 60.0


@dataclass(frozen=True)
class Proof:
    """What came of one proof.

    Attributes:
        question: the entry that it belongs to.
        django: the version it ran on, or empty where the process ended before saying so.
        message: what went wrong, empty when the proof holds.
        line: the failing line, 1-based within the proof; 0 when it is not known.
        source: the text of that line.
        output: what the proof printed, warnings included.
    """

    question: Question
    django: str = ""
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
        where = f"on Django {self.django}" if self.django else "before Django was asked"
        if self:
            return f"{entry}: the proof holds {where}."
        line = f", line {self.line} of the proof, `{self.source}`" if self.line else ""
        return f"{entry}: the proof fails {where}{line}: {self.message}"


def prove(
    questions: Iterable[Question], *, workers: int = 2, timeout_s: float = TIMEOUT_S
) -> list[Proof]:
    """Run the proof of each question that has one; results in the order of the questions."""
    proven = [question for question in questions if question.proof]
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(lambda question: _prove_one(question, timeout_s), proven))


def _prove_one(question: Question, timeout_s: float) -> Proof:
    command = [sys.executable, "-W", "default", "-m", "course_support.quiz.proofs"]
    given = pickle.dumps(question)
    # A proof that holds only because a guard was switched off proves nothing.
    env = {name: value for name, value in os.environ.items() if not name.startswith("DJANGO_")}
    try:
        ended = subprocess.run(
            command, input=given, capture_output=True, timeout=timeout_s, cwd=ROOT, env=env
        )
    except subprocess.TimeoutExpired:
        return Proof(question, message=f"it did not end within {timeout_s:g} s.")
    output = ended.stderr.decode("utf-8", "replace").strip()
    try:
        result = json.loads(ended.stdout)
    except ValueError:
        last = output.splitlines()[-1:] or ["no output"]
        message = f"its process ended with status {ended.returncode}: {last[0]}"
        return Proof(question, message=message, output=output)
    return Proof(question, output=output, **result)


def _code_in(text: str) -> str:
    """The code in Markdown: its first fenced block, else its first `backticks`, else all of it."""
    fenced = re.search(r"^```[^\n]*\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    inline = re.search(r"`([^`]+)`", text)
    found = fenced or inline
    return found[1] if found else text


# From here on: inside the process of one proof.


class _Deferred:
    """A call that does its work when it is awaited, and is missed when it never is."""

    def __init__(self, work: Callable[[], Awaitable[Any]], name: str) -> None:
        self._work = work
        self.name = name

    def __await__(self) -> Generator[Any, Any, Any]:
        self.name = ""
        return self._work().__await__()


class _Names:
    """The helpers that one proof sees."""

    def __init__(self, question: Question) -> None:
        self.question = question
        self.calls: list[_Deferred] = []

    def all(self) -> dict[str, Any]:
        question = self.question
        names: dict[str, Any] = {
            "__name__": "__main__",
            "question": question,
            "options": {option.key: option.text for option in question.options},
            "code_of": lambda key: _code_in(question.option(key).text),
            "completed": question.completed,
            "run": self.run,
            "raises": self.raises,
        }
        if re.search(r"\bSite\b", question.proof):
            from course_support import Site

            names["Site"] = Site
        return names

    def run(self, code: str) -> _Deferred:
        return self._deferred(lambda: _namespace(code), "run")

    def raises(self, what: str | Callable[..., Any], *args: Any, **kwargs: Any) -> _Deferred:
        async def caught() -> BaseException:
            try:
                if isinstance(what, str):
                    await _namespace(what)
                elif inspect.isawaitable(result := what(*args, **kwargs)):
                    await result
            except Exception as error:
                return error
            raise AssertionError("nothing was raised")

        return self._deferred(caught, "raises")

    def _deferred(self, work: Callable[[], Awaitable[Any]], name: str) -> _Deferred:
        self.calls.append(_Deferred(work, name))
        return self.calls[-1]

    def check_awaited(self) -> None:
        for call in self.calls:
            if call.name:
                raise AssertionError(f"{call.name}() was called without await: it did nothing")


async def _namespace(code: str) -> dict[str, Any]:
    names: dict[str, Any] = {"__name__": "__main__"}
    await execute(code, "<code>", names)
    return names


async def _hold(question: Question) -> None:
    names = _Names(question)
    await execute(question.proof, "<proof>", names.all())
    names.check_awaited()


def _failure(question: Question, error: BaseException) -> dict[str, Any]:
    frames = traceback.extract_tb(error.__traceback__)
    lines = [frame.lineno or 0 for frame in frames if frame.filename == "<proof>"]
    if isinstance(error, SyntaxError) and error.filename == "<proof>":
        lines = [error.lineno or 0]
    line = lines[-1] if lines else 0
    source = question.proof.splitlines()[line - 1].strip() if line else ""
    message = f"{type(error).__name__}: {error}".removesuffix(": ")
    return {"line": line, "source": source, "message": message}


def main() -> None:
    """Run the proof of the pickled question on standard input; say on standard output."""
    import django

    question = pickle.load(sys.stdin.buffer)
    result: dict[str, Any] = {"django": django.get_version()}
    # What a proof prints must not mix with the result.
    with contextlib.redirect_stdout(sys.stderr):
        try:
            asyncio.run(_hold(question))
        except BaseException as error:
            result |= _failure(question, error)
    print(json.dumps(result))


if __name__ == "__main__":
    main()
