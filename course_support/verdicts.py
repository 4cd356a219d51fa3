"""What is a learner told? Outcome, Verdict and Report: plain values."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from html import escape
from typing import Any


class Outcome(StrEnum):
    """What came of an answer or a check. "Not attempted" is not "incorrect"."""

    CORRECT = "correct"
    INCORRECT = "incorrect"
    NOT_ATTEMPTED = "not attempted"
    RAISED = "raised"


ALL_PASSED = "all visible checks passed"
SIGNS = {
    Outcome.CORRECT: "✓",
    Outcome.INCORRECT: "✗",
    Outcome.NOT_ATTEMPTED: "○",
    Outcome.RAISED: "!",
}


@dataclass(frozen=True)
class Verdict:
    """One thing that was judged.

    Attributes:
        outcome: one of the four.
        title: what was asked, as a sentence that is true when the outcome is correct.
        seen: what was seen, in words, with the value; empty where there is nothing to add.
        next_step: what to do now; empty when correct.
        line: the learner's own line to look at ("cell 4, line 3: ..."), or empty.
        points: what it counts when it is correct; 0 where nobody counts.
        hidden: a teacher's own check gave it; learners are told how many of these passed, and
            nothing else.
    """

    outcome: Outcome
    title: str
    seen: str = ""
    next_step: str = ""
    line: str = ""
    points: float = 0.0
    hidden: bool = False

    def __bool__(self) -> bool:
        return self.outcome is Outcome.CORRECT

    def __repr__(self) -> str:
        return f"<Verdict {self.outcome}: {self.title}>"

    def text(self) -> str:
        """The verdict for a terminal: the title's line, then the rest indented."""
        rest = [part for part in (self.seen, self.line, self.next_step) if part]
        lines = [line for part in rest for line in part.splitlines()]
        return "\n    ".join([f"{SIGNS[self.outcome]} {self.title} ({self.outcome})", *lines])

    def _repr_html_(self) -> str:
        parts = [f"<div class='verdict-title'>{_with_breaks(self.title)}</div>"]
        if self.seen:
            parts.append(f"<div>{_with_breaks(self.seen)}</div>")
        if self.line:
            parts.append(f"<pre>{_with_breaks(self.line)}</pre>")
        if self.next_step:
            parts.append(f"<div class='verdict-next'>{_with_breaks(self.next_step)}</div>")
        kind = self.outcome.replace(" ", "-")
        label = f"<div class='verdict-sign'>{SIGNS[self.outcome]} {self.outcome}</div>"
        return f"{STYLE}<div class='verdict {kind}'>{label}<div>{''.join(parts)}</div></div>"


@dataclass(frozen=True, repr=False)
class Report:
    """All verdicts on one exercise, in the order in which they were reached.

    What it shows by itself, as text or as a card, is for its learner: of hidden checks the number.

    Attributes:
        exercise: its key, such as `ex01_first_view`.
        verdicts: at least one; those of hidden checks come last.
        commentary: what was proved, in words; shown when every visible check has passed.
    """

    exercise: str
    verdicts: tuple[Verdict, ...]
    commentary: str = ""

    @property
    def outcome(self) -> Outcome:
        """Correct when all are, hidden ones too; otherwise the first outcome that is not."""
        others = (v.outcome for v in self.verdicts if not v)
        return next(others, Outcome.CORRECT)

    @property
    def passed(self) -> int:
        """How many verdicts are correct."""
        return sum(map(bool, self.verdicts))

    @property
    def visible(self) -> Report:
        """The report without what hidden checks found."""
        return replace(self, verdicts=tuple(one for one in self.verdicts if not one.hidden))

    @property
    def hidden(self) -> tuple[Verdict, ...]:
        """The verdicts of hidden checks; empty where there are none."""
        return tuple(one for one in self.verdicts if one.hidden)

    @property
    def points(self) -> float:
        """What the exercise counts, to a hundredth of a point."""
        return round(sum((one.points for one in self.verdicts), 0.0), 2)

    @property
    def earned(self) -> float:
        """The points of the verdicts that are correct, to a hundredth of a point."""
        return round(sum((one.points for one in self.verdicts if one), 0.0), 2)

    def __float__(self) -> float:
        return self.earned

    def __bool__(self) -> bool:
        return self.outcome is Outcome.CORRECT

    def __repr__(self) -> str:
        return f"<Report {self.exercise}: {self._summary()}>"

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        # nbgrader takes the text of a test cell's value for the points, if it is a number; if it
        # is not, the points are full. A person sees the card (`_repr_html_`) in either case.
        graded = "NBGRADER_EXECUTION" in os.environ
        printer.text(f"{self.earned:g}" if graded else repr(self))

    def _summary(self) -> str:
        return ", ".join([self.outcome, *self.counts()])

    def counts(self) -> list[str]:
        """How many checks passed, in words; the hidden ones apart."""
        seen = self.visible
        words = [checks_passed(seen.passed, len(seen.verdicts))]
        if self.hidden:
            passed = sum(map(bool, self.hidden))
            words.append(f"{passed} of {len(self.hidden)} hidden checks passed")
        return words

    def text(self) -> str:
        """The report for a terminal."""
        seen = self.visible
        parts = [f"{self.exercise}: {self._summary()}", *(v.text() for v in seen.verdicts)]
        if seen and self.commentary:
            parts.append(self.commentary)
        return "\n".join(parts)

    def _repr_html_(self) -> str:
        seen = self.visible
        cards = "".join(v._repr_html_() for v in seen.verdicts)
        note = ""
        if seen and self.commentary:
            note = f"<p class='verdict-note'>{_with_breaks(self.commentary)}</p>"
        head = f"<code>{escape(self.exercise)}</code> {escape(self._summary())}"
        return f"<div class='verdict-report'><p>{head}</p>{cards}{note}</div>"


def checks_passed(passed: int, total: int) -> str:
    """How many checks passed, as a learner is told: a teacher may have others, which are hidden."""
    if passed == total:
        return f"{ALL_PASSED} ({passed} of {total})"
    return f"{passed} of {total} checks passed"


def report(exercise: str, verdicts: Sequence[Verdict], commentary: str = "") -> Report:
    """A `Report` from any sequence of verdicts."""
    return Report(exercise, tuple(verdicts), commentary)


def _with_breaks(text: str) -> str:
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text)).replace("\n", "<br>")


# Colours come from JupyterLab's theme variables, with a fallback that reads on white and on
# black; the sign and the word say the same without colour.
STYLE = """<style>
.verdict{display:flex;flex-wrap:wrap;gap:.1em .9em;border:1px solid var(--jp-border-color1,#8888);
 border-left-width:4px;border-radius:4px;padding:.5em .8em;margin:.35em 0;line-height:1.45}
.verdict-sign{flex:0 0 9.5em;font-weight:600;white-space:nowrap}
.verdict>div:last-child{flex:1 1 18em;min-width:0}
.verdict-title{font-weight:600}
.verdict pre,.verdict pre code{white-space:pre-wrap;word-break:normal;overflow-wrap:anywhere}
.verdict pre{margin:.3em 0!important}
.verdict-next{margin-top:.25em}
.verdict.correct{border-left-color:#2e8540}.verdict.incorrect{border-left-color:#c7472e}
.verdict.raised{border-left-color:#c7472e}.verdict.not-attempted{border-left-color:#8a8a8a}
</style>"""
