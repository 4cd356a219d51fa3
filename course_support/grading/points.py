"""What does each check of an exercise count? Its share of the exercise's points.

Hidden checks take their share of the same points: with two of them beside five visible ones, each
counts a seventh.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from course_support.content import ContentError, shown
from course_support.grading.exercises import Exercise, checks_file
from course_support.verdicts import Report


def shares(exercise: Exercise, checks: Sequence[str], hidden: Sequence[int] = ()) -> list[float]:
    """The points of each of the checks so named, then of the hidden; together `exercise.points`.

    All count the same, unless the exercise has `weights`.

    Args:
        hidden: the weights of the hidden checks.

    Raises:
        ContentError: a weight is for a check that there is not, or all weights are 0.
    """
    unknown = [name for name in exercise.weights if name not in checks]
    weights = [*(exercise.weights.get(name, 1) for name in checks), *hidden]
    if unknown or not sum(weights):
        what = f"there is no check {unknown[0]!r}" if unknown else "no check counts anything"
        raise ContentError(f"{shown(checks_file(exercise))}: {what}. See 'weights' of its entry.")
    return [exercise.points * weight / sum(weights) for weight in weights]


def weigh(exercise: Exercise, report: Report, hidden: Sequence[int] = ()) -> Report:
    """The report with the points of each verdict.

    Args:
        hidden: the weights of the hidden checks, where the report has verdicts of any.

    Raises:
        ContentError: as `shares`; only where the exercise has weights.
    """
    names = [str(number) for number in range(len(report.visible.verdicts))]
    if exercise.weights:
        names = check_names(exercise)
    points = shares(exercise, names, hidden)
    verdicts = zip(report.verdicts, points, strict=True)
    return replace(report, verdicts=tuple(replace(v, points=share) for v, share in verdicts))


def check_names(exercise: Exercise) -> list[str]:
    """The names of the exercise's checks, in the order of its verdicts."""
    from course_support.grading.loading import load_checks

    return [check.__name__ for check in load_checks(checks_file(exercise))]
