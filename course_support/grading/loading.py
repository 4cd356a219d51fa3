"""Which checks does an exercise have? Those of its file, and a teacher's own, which are hidden.

A teacher's checks stand in a folder of the teacher's, in a file for each exercise. They travel as
text: a worker on another machine has no such folder, and no submission's process gets them.
"""

from __future__ import annotations

import base64
import importlib.util
import inspect
import zlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType, ModuleType
from typing import Any, NamedTuple

from course_support.content import ContentError, shown
from course_support.grading.checks import Check


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
    return _checks_in(module, path)


def _checks_in(module: ModuleType, path: Path) -> list[Check]:
    found = [value for name, value in vars(module).items() if name.startswith("check_")]
    for check in found:
        if not inspect.iscoroutinefunction(check) or not check.__doc__:
            name = getattr(check, "__name__", check)
            raise ContentError(f"{shown(path)}: '{name}' is not an `async def` with a docstring.")
    if not found:
        raise ContentError(f"{shown(path)}: there is no check in it.")
    return found


def title_of(check: Check) -> str:
    """The sentence that is true when the check passes."""
    return " ".join((check.__doc__ or "").split()).removesuffix(".")


class Hidden(NamedTuple):
    """A teacher's checks of one exercise, in the order of their file.

    Attributes:
        weights: how often each of them counts; a visible check counts once by itself, too.
    """

    checks: list[Check]
    weights: list[int]


_HIDDEN = "hidden_checks_"
NONE = Hidden([], [])
NO_TEXTS: Mapping[str, str] = MappingProxyType({})


def read_hidden(folder: Path, known: Iterable[str]) -> dict[str, str]:
    """The texts of a teacher's files of checks by exercise: `folder/ex01_first_view.py`, ...

    Args:
        known: the keys of the exercises that there are.

    Raises:
        ContentError: there is no such folder or no file in it, a file is named like no exercise,
            or one is not as it should be; the text names the file.
    """
    # Not what packages and file managers leave in a folder: __init__.py, ._ex01_first_view.py
    paths = [one for one in sorted(folder.glob("*.py")) if not one.name.startswith((".", "__"))]
    if not paths:
        raise ContentError(
            f"There are no hidden checks in {folder}.\n"
            "    Name a folder with a file for each exercise, such as ex01_first_view.py."
        )
    keys = list(known)
    for path in paths:
        if path.stem not in keys:
            raise ContentError(
                f"{path}: there is no exercise '{path.stem}'. The exercises are: {', '.join(keys)}."
            )
    found = {path.stem: _text(path) for path in paths}
    for key, text in found.items():
        hidden_checks(key, text)
    return found


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as mistake:
        raise ContentError(f"{path}: cannot be read: {mistake}") from None


def hidden_checks(key: str, text: str) -> Hidden:
    """The checks in the text of a teacher's file; none where the text is empty.

    A name `weights` in it says how often a check counts: `weights = {"check_asks_once": 2}`.

    Raises:
        ContentError: the text cannot be run, has no check, or one without a docstring.
    """
    if not text:
        return NONE
    path = Path(f"hidden checks, {key}.py")
    module = ModuleType(f"{_HIDDEN}{key}")
    try:
        exec(compile(text, str(path), "exec"), vars(module))
    except Exception as mistake:
        why = f"{type(mistake).__name__}: {mistake}"
        raise ContentError(f"{path}{_line_of(mistake, str(path))}: {why}") from None
    checks = _checks_in(module, path)
    return Hidden(checks, _weights(vars(module).get("weights", {}), checks, path))


def is_hidden(check: Check) -> bool:
    """Whether it came from a teacher's file."""
    return check.__module__.startswith(_HIDDEN)


def packed(text: str) -> str:
    """The text of a teacher's file in letters that say nothing to whoever glances at them."""
    return base64.b64encode(zlib.compress(text.encode(), 9)).decode()


def unpacked(letters: str) -> str:
    """What `packed` was given.

    Raises:
        ContentError: these are not its letters.
    """
    try:
        return zlib.decompress(base64.b64decode(letters)).decode() if letters else ""
    except (ValueError, zlib.error):
        raise ContentError(
            "The hidden checks in this cell are damaged.\n"
            "    Write them anew: python -m course_support export --nbgrader DIR --hidden FOLDER"
        ) from None


def _line_of(mistake: BaseException, file: str) -> str:
    """Where in the file it came from, as in ", line 3"; "" where that is not known."""
    line = getattr(mistake, "lineno", None)
    step = mistake.__traceback__
    while step:
        if step.tb_frame.f_code.co_filename == file:
            line = step.tb_lineno
        step = step.tb_next
    return f", line {line}" if line else ""


def _weights(found: Any, checks: list[Check], path: Path) -> list[int]:
    names = [check.__name__ for check in checks]
    whole = isinstance(found, Mapping) and all(type(one) is int for one in found.values())
    if not whole or min(found.values(), default=0) < 0:
        raise ContentError(f"{path}: write whole numbers: weights = {{'{names[0]}': 2}}.")
    if strange := [name for name in found if name not in names]:
        raise ContentError(f"{path}: 'weights' names {strange[0]!r}, and there is no such check.")
    return [found.get(name, 1) for name in names]
