"""What happens in the process of one proof: which names does it see, how is it said to fail?"""

from __future__ import annotations

import asyncio
import contextlib
import inspect
import json
import os
import pickle
import re
import sys
import traceback
from collections.abc import Awaitable, Callable, Generator
from typing import Any

from course_support.quiz.questions import Question
from course_support.quiz.running import execute


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


def _code_in(text: str) -> str:
    """The code in Markdown: its first fenced block, else its first `backticks`, else all of it."""
    fenced = re.search(r"^```[^\n]*\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    inline = re.search(r"`([^`]+)`", text)
    found = fenced or inline
    return found[1] if found else text


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


def hold(question: Question) -> None:
    """Run the proof; write on standard output, as JSON, what failed, or `{}`.

    What the proof prints, and what its own child processes print, goes to standard error.
    """
    result: dict[str, Any] = {}
    said = os.dup(1)
    os.dup2(2, 1)
    with contextlib.redirect_stdout(sys.stderr):
        try:
            asyncio.run(_hold(question))
        except BaseException as error:
            result = _failure(question, error)
    os.write(said, json.dumps(result).encode())
    os.close(said)


if __name__ == "__main__":
    hold(pickle.load(sys.stdin.buffer))
