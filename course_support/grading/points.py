"""What does each check of an exercise count? Its share of the exercise's points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from course_support.content import ContentError, shown
from course_support.grading.exercises import Exercise, checks_file
from course_support.verdicts import Report


def shares(exercise: Exercise, checks: Sequence[str]) -> list[float]:
    """The points of each of the checks so named; together `exercise.points`.

    All count the same, unless the exercise has `weights`.

    Raises:
        ContentError: a weight is for a check that there is not, or all weights are 0.
    """
    unknown = [name for name in exercise.weights if name not in checks]
    weights = [exercise.weights.get(name, 1) for name in checks]
    if unknown or not sum(weights):
        what = f"there is no check {unknown[0]!r}" if unknown else "no check counts anything"
        raise ContentError(f"{shown(checks_file(exercise))}: {what}. See 'weights' of its entry.")
    return [exercise.points * weight / sum(weights) for weight in weights]


def weigh(exercise: Exercise, report: Report) -> Report:
    """The report with the points of each verdict.

    Raises:
        ContentError: as `shares`; only where the exercise has weights.
    """
    names = [str(number) for number in range(len(report.verdicts))]
    if exercise.weights:
        names = check_names(exercise)
    points = shares(exercise, names)
    verdicts = zip(report.verdicts, points, strict=True)
    return replace(report, verdicts=tuple(replace(v, points=share) for v, share in verdicts))


def check_names(exercise: Exercise) -> list[str]:
    """The names of the exercise's checks, in the order of its verdicts."""
    from course_support.grading.loading import load_checks

    return [check.__name__ for check in load_checks(checks_file(exercise))]
