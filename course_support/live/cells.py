"""Which line of the learner's own code is meant?"""

from __future__ import annotations

import ast
import dis
import gc
import inspect
import linecache
import sys
import sysconfig
from collections.abc import Callable, Iterable, Iterator
from itertools import accumulate, chain, islice, repeat, takewhile
from operator import call, truth
from pathlib import Path
from types import CodeType, FrameType, TracebackType
from typing import Any

_OURS = str(Path(__file__).resolve().parent.parent)
_LIBRARIES = tuple(
    {str(Path(place).resolve()) for place in sysconfig.get_paths().values()}
    | {sysconfig.get_paths()["stdlib"], sysconfig.get_paths()["purelib"], _OURS, "<frozen"}
)

_SHORT = 60  # characters of a call that are shown with its arguments


def is_learners(filename: str) -> bool:
    """Is this file a cell, or a file of the learner's: neither a library nor this package?"""
    return not filename.startswith(_LIBRARIES)


def learners_frame(traceback: TracebackType | None) -> tuple[str, int] | None:
    """File and line of the innermost frame of the learner's in a traceback."""
    found = None
    while traceback is not None:
        filename = traceback.tb_frame.f_code.co_filename
        if is_learners(filename):
            found = filename, traceback.tb_lineno
        traceback = traceback.tb_next
    return found


def learners_line(error: BaseException) -> str:
    """Where `error` came from, as in ``cell 4, line 3: `x = await y` ``; "" when not known.

    A SyntaxError has no frame of its own: its file and line are used.
    """
    if isinstance(error, SyntaxError) and error.filename and is_learners(error.filename):
        return place(error.filename, error.lineno or 1)
    found = learners_frame(error.__traceback__)
    return place(*found) if found else ""


def is_ours(filename: str) -> bool:
    """Is this file part of this package?"""
    return filename.startswith(_OURS)


def place(filename: str, line: int, text: str = "") -> str:
    """A line of the learner's code in words: the cell (or file), the line, its text.

    `text` is shown in place of the whole line.
    """
    text = text or linecache.getline(filename, line).strip()
    where = f"{_cell_or_file(filename)}, line {line}"
    return f"{where}: `{text}`" if text else where


def _cell_or_file(filename: str) -> str:
    # IPython gives each cell a file of its own and keeps the cell's number beside it; the
    # name is looked up only where IPython has been loaded already.
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    named = shell.compile.format_code_name(filename) if shell else None
    if named is None:
        return Path(filename).name
    label = str(named[1]).removeprefix("In[").removesuffix("]")
    return f"cell {label}" if label.isdigit() else "this cell"


def call_place(code: CodeType, lasti: int, line: int) -> str:
    """The same, with the very call at instruction `lasti` where Python knows its text.

    A long call is shown without its arguments: `hashlib.pbkdf2_hmac(...)`. Where no call runs
    there, the text is that of `line`.
    """
    at = max(lasti, 0)
    while at and dis.opname[code.co_code[at]] == "CACHE":  # of the call that is running
        at -= 2
    start, end, left, right = next(islice(code.co_positions(), at // 2, None), (None,) * 4)
    calls = dis.opname[code.co_code[at]].startswith(("CALL", "PRECALL", "SEND", "YIELD"))
    if not calls or start is None or end is None or left is None or right is None:
        return place(code.co_filename, line)
    # Columns count bytes of UTF-8.
    lines = [linecache.getline(code.co_filename, n).encode() for n in range(start, end + 1)]
    lines[-1] = lines[-1][:right]
    lines[0] = lines[0][left:]
    return place(code.co_filename, start, _short(b"".join(lines).decode(errors="replace")))


def _short(text: str) -> str:
    text = " ".join(text.split())
    if len(text) <= _SHORT:
        return text
    try:
        expression = ast.parse(text, mode="eval").body
    except SyntaxError:
        return text[:_SHORT] + "..."
    waits = isinstance(expression, ast.Await)
    call = expression.value if isinstance(expression, ast.Await) else expression
    if not isinstance(call, ast.Call):
        return text[:_SHORT] + "..."
    return f"{'await ' if waits else ''}{ast.unparse(call.func)}(...)"


def view_line(view: Callable[..., Any]) -> str:
    """The line on which a view is defined, in words; "" when it is not the learner's."""
    code = code_of(view)
    if code is None or not is_learners(code.co_filename):
        return ""
    return place(code.co_filename, code.co_firstlineno)


def code_of(view: Callable[..., Any]) -> CodeType | None:
    """The code object of a view under its decorators."""
    return getattr(inspect.unwrap(view), "__code__", None)


def stack(frame: FrameType | None) -> Iterator[tuple[CodeType, int]]:
    """Code and line of `frame` and of its callers, innermost first."""
    while frame is not None:
        yield frame.f_code, frame.f_lineno
        frame = frame.f_back


def running_frames() -> dict[int, FrameType]:
    """The innermost frame of each thread, by the thread's ident.

    `sys._current_frames()` without its deadlock: until Python 3.12 a garbage collection may
    start in it and give another thread its turn; if that one starts a thread, both wait for
    ever (seen with 3.11.7 and 200 requests at once; CPython's gh-106883).
    """
    collects = gc.isenabled()
    gc.disable()
    try:
        return sys._current_frames()
    finally:
        if collects:
            gc.enable()


def stacks() -> dict[int, list[tuple[CodeType, int]]]:
    """Code and line of each frame of each thread, innermost first, by the thread's ident."""
    collects = gc.isenabled()
    gc.disable()
    try:
        frames = _all_frames()
    finally:
        if collects:
            gc.enable()
    return {
        ident: [(one.f_code, one.f_lineno) for one in inside] for ident, inside in frames.items()
    }


def _all_frames() -> dict[int, list[FrameType]]:
    """The frames of each thread, all as they are at one moment.

    To follow the frames of a thread that runs on meanwhile has crashed Python 3.11.7. So no
    other thread may have its turn, and it may have one wherever byte-code runs: here none does
    from the first frame to the last, for all of it is one call of `list`.
    """
    now: dict[int, FrameType] = {}
    # The first gives None, after which the dict is filled.
    each: Iterator[Any] = chain(map(now.update, map(call, [sys._current_frames])), now.values())
    # A frame, its f_back, that one's f_back, and so on, until None.
    ways: Iterator[Any] = map(
        accumulate, map(chain, zip(each), repeat(repeat("f_back"))), repeat(getattr)
    )
    found = list(map(list, map(takewhile, repeat(truth), ways)))
    return dict(zip(now, found[1:], strict=True))


def innermost(frames: Iterable[tuple[CodeType, int]]) -> str:
    """The first frame of the learner's among `frames` (innermost first), in words."""
    for code, line in frames:
        if is_learners(code.co_filename):
            return place(code.co_filename, line)
    return ""


def cut(error: BaseException) -> BaseException:
    """`error` with a traceback of the learner's own frames alone.

    Django, asgiref and this package stand between the cell and the view; a learner reads the
    view's line faster without them. A traceback without a frame of the learner's is emptied.
    """
    kept = [step for step in _steps(error.__traceback__) if is_learners(_file(step))]
    chain: TracebackType | None = None
    for step in reversed(kept):
        chain = TracebackType(chain, step.tb_frame, step.tb_lasti, step.tb_lineno)
    return error.with_traceback(chain)


def _steps(traceback: TracebackType | None) -> Iterator[TracebackType]:
    while traceback is not None:
        yield traceback
        traceback = traceback.tb_next


def _file(step: TracebackType) -> str:
    return step.tb_frame.f_code.co_filename
