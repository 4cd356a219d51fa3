"""What does nbgrader need of a check? A number for a value, and nothing on stderr."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr


def at_work() -> bool:
    """Whether nbgrader runs this kernel, to validate or to grade."""
    return "NBGRADER_EXECUTION" in os.environ


@contextmanager
def stderr_kept_apart() -> Iterator[None]:
    """Under nbgrader, let what is written to stderr appear on stdout.

    A test cell with a single line on stderr has no points there: a warning about a coroutine
    that nobody awaited would cost a right answer all of them.
    """
    if not at_work():
        yield
        return
    with redirect_stderr(sys.stdout):
        yield
