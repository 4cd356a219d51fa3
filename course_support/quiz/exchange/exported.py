"""What came of an export: the file's text, and which questions the format cannot hold."""

from __future__ import annotations

from dataclasses import dataclass


class CannotHold(Exception):
    """The format has nothing for this question; the text says why, in words."""


@dataclass(frozen=True)
class Exported:
    """One exported file.

    Attributes:
        text: the whole file.
        held: how many questions are in it.
        left_out: for each of the others its id, its kind and the reason.
    """

    text: str
    held: int
    left_out: tuple[str, ...] = ()
