"""How is a guessed number judged, once the right one is known or has been measured?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from course_support.verdicts import Outcome, Verdict

TOLERANCE = 0.25
LETTER = 8  # how wide a letter of a picture is at the most, in its units


@dataclass(frozen=True)
class Belief:
    """A wrong number that people expect.

    Attributes:
        value: the number, in the question's unit.
        why: the reason why it is wrong, Markdown.
        misconception: such as "m1", or empty.
    """

    value: float
    why: str
    misconception: str = ""


def read_number(answer: Any) -> float:
    """The number that was typed: `1.5`, `1,5` or `1.5 s`.

    Raises:
        ValueError: it is no number above 0.
    """
    text = str(answer).strip().replace(",", ".")
    found = re.match(r"(\d+(?:\.\d*)?|\.\d+)(?!\w*\d)", text)
    value = float(found[1]) if found else 0.0
    if isinstance(answer, bool) or not 0 < value < 1e9:
        raise ValueError(f"Write one number above 0, such as 1.5; this was {answer!r}.")
    return value


def shown(value: float, unit: str = "") -> str:
    """A number as it is written for a reader: three digits and its unit."""
    return f"{value:.3g} {unit}".strip()


def is_near(guess: float, right: float, tolerance: float = TOLERANCE) -> bool:
    """Whether `guess` lies within `tolerance` (a share) of `right`."""
    return abs(guess - right) <= tolerance * right


def judge_number(
    guess: float, right: float, unit: str, tolerance: float, beliefs: Sequence[Belief]
) -> Verdict:
    """What is to be said of a guess beside the right number."""
    title = f"The guess lies within {tolerance:.0%} of the right number"
    seen = f"You said {shown(guess, unit)}; it is {shown(right, unit)}."
    if is_near(guess, right, tolerance):
        return Verdict(Outcome.CORRECT, title, seen)
    why = next((b.why for b in beliefs if is_near(guess, b.value, tolerance)), "")
    return Verdict(Outcome.INCORRECT, title, f"{seen} {why}".strip(), "Read on: the text says why.")


def beside(guess: float | None, right: float, unit: str) -> str:
    """Guess and measurement as two bars of one scale, with their numbers (HTML)."""
    widest = max(right, guess or 0.0)
    rows = [("measured", right, "#2b7bba")]
    if guess is not None:
        rows.insert(0, ("your guess", guess, "#c06a00"))
    longest = max(len(shown(value, unit)) for _, value, _ in rows)
    room = max(60, 382 - LETTER * longest)  # the longest bar, so that its label ends in the picture
    bars = "".join(
        f"<text x='0' y='{18 + 28 * n}'>{name}</text>"
        f"<rect x='90' y='{5 + 28 * n}' width='{max(2.0, room * value / widest):.1f}' height='17' "
        f"rx='2' fill='{colour}'/>"
        f"<text x='{98 + max(2.0, room * value / widest):.1f}' y='{18 + 28 * n}'>"
        f"{escape(shown(value, unit))}</text>"
        for n, (name, value, colour) in enumerate(rows)
    )
    words = ", ".join(f"{name} {shown(value, unit)}" for name, value, _ in rows)
    return (
        f"<svg role='img' aria-label='{escape(words)}' viewBox='0 0 480 {28 * len(rows) + 4}' "
        "xmlns='http://www.w3.org/2000/svg' style='width:100%;max-width:30rem;height:auto;"
        "display:block' font-size='13' fill='currentColor' "
        f"font-family='var(--jp-ui-font-family,system-ui,sans-serif)'>{bars}</svg>"
    )


class Measured:
    """A measured number beside the guess: what a cell shows after the run."""

    def __init__(self, guess: float | None, right: float, unit: str, verdict: Verdict) -> None:
        self.guess, self.right, self.unit, self.verdict = guess, right, unit, verdict

    def __repr__(self) -> str:
        return self.verdict.seen

    def _repr_html_(self) -> str:
        words = re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(self.verdict.seen))
        return f"{beside(self.guess, self.right, self.unit)}<p>{words}</p>"
