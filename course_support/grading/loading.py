"""Which checks does an exercise have? Those of its file, in the order of the file."""

from __future__ import annotations

import importlib.util
import inspect
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, TypeAlias

from course_support.content import ContentError, shown
from course_support.grading.checks import Client
from course_support.live.newswire import Newswire

Check: TypeAlias = Callable[[Client, Newswire], Coroutine[Any, Any, None]]


def load_checks(path: Path) -> list[Check]:
    """The checks in a file, in its order.

    Raises:
        ContentError: there is none, or one has no docstring or is no coroutine function.
    """
    spec = importlib.util.spec_from_file_location(f"exercise_checks_{path.stem}", path)
    if spec is None or spec.loader is None:
        raise ContentError(f"{shown(path)}: not a Python file.")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found = [value for name, value in vars(module).items() if name.startswith("check_")]
    for check in found:
        if not inspect.iscoroutinefunction(check) or not check.__doc__:
            raise ContentError(
                f"{shown(path)}: '{check.__name__}' is not an `async def` with a docstring."
            )
    if not found:
        raise ContentError(f"{shown(path)}: there is no check in it.")
    return found


def title_of(check: Check) -> str:
    """The sentence that is true when the check passes."""
    return " ".join((check.__doc__ or "").split()).removesuffix(".")
