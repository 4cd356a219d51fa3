"""How is a cell run without a notebook? By IPython, as ipykernel runs it, on the running loop."""

from __future__ import annotations

import sys
from typing import Any

from IPython.core.interactiveshell import InteractiveShell

from course_support.grading.targets import Raised, raised_by
from course_support.live import cells


class _Shell(InteractiveShell):
    """IPython's shell, which keeps no history and shows no traceback: nobody reads them here."""

    def showtraceback(self, *_: Any, **__: Any) -> None:
        """Nothing."""

    def showsyntaxerror(self, *_: Any, **__: Any) -> None:
        """Nothing."""


def make_shell() -> None:
    """Make this process's shell, and with it a `__main__` for the cells."""
    from traitlets.config import Config

    quiet = Config({"HistoryManager": {"enabled": False}})
    _Shell.instance(config=quiet, colors="nocolor")


def shell_names() -> dict[str, Any]:
    """The names that the cells have made."""
    names: dict[str, Any] = _Shell.instance().user_ns
    return names


async def run_cell(source: str, number: int) -> Raised | None:
    """Run a cell as In[number]; what it raised, if it did."""
    shell = _Shell.instance()
    shell.execution_count = number
    broken = None
    try:
        transformed = shell.transform_cell(source)  # type: ignore[no-untyped-call]
    except Exception:
        transformed, broken = source, sys.exc_info()
    try:
        result = await shell.run_cell_async(
            source, transformed_cell=transformed, preprocessing_exc_tuple=broken
        )
    except Exception as refused:  # such as a text that cannot be encoded
        return raised_by(refused)
    error = result.error_before_exec or result.error_in_exec
    return raised_by(cells.cut(error)) if error else None
