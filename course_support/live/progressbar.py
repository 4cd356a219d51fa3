"""How far is a long measurement? A bar below its cell, while it runs."""

from __future__ import annotations

import sys
import time
from html import escape
from importlib import import_module
from typing import Any

_PATIENCE_S = 1.0


class ProgressBar:
    """A bar that appears after a second and goes when the `with` block ends.

    Shown by a notebook's kernel only; elsewhere it does nothing. It is written anew by
    `tell()`, from the cell's own thread.

    Args:
        words: what is under way: `load test of /news/`.
    """

    def __init__(self, words: str, total: int) -> None:
        self._words = words
        self._total = total
        self._start_s = time.perf_counter()
        self._handle: Any = None

    def __enter__(self) -> ProgressBar:
        return self

    def __exit__(self, *error: object) -> None:
        if self._handle is not None:
            self._handle.update({"text/plain": "", "text/html": ""}, raw=True)

    def tell(self, done: int) -> None:
        """So many of `total` are done."""
        passed_s = time.perf_counter() - self._start_s
        if passed_s < _PATIENCE_S or not _in_notebook():
            return
        data = self._data(done, passed_s)
        if self._handle is None:
            display: Any = import_module("IPython.display").display
            self._handle = display(data, raw=True, display_id=True)
        else:
            self._handle.update(data, raw=True)

    def _data(self, done: int, passed_s: float) -> dict[str, str]:
        words = f"{self._words}: {done} of {self._total} answered, {passed_s:.0f} s"
        bar = f"<progress value='{done}' max='{self._total}' aria-label='{escape(words)}'>"
        return {"text/plain": words, "text/html": f"{bar}</progress> {escape(words)}"}


def _in_notebook() -> bool:
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    return hasattr(shell, "kernel")
