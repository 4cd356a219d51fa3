"""Partial credit: the points of an exercise, spread over its checks."""

from dataclasses import replace

import pytest

from course_support.content import ContentError
from course_support.grading.exercises import exercises, find
from course_support.grading.points import check_names, shares, weigh
from course_support.verdicts import Outcome, Verdict, report

EXERCISE = find("ex01_first_view")


def weighed(*outcomes, exercise=EXERCISE):
    verdicts = [Verdict(Outcome.CORRECT if right else Outcome.INCORRECT, "t") for right in outcomes]
    return weigh(exercise, report(exercise.key, verdicts))


def test_points_are_spread_evenly():
    half = weighed(True, True, False, False, False)
    assert (half.earned, half.points, float(half)) == (0.8, 2.0, 0.8)


@pytest.mark.parametrize("number", range(1, 20))
def test_all_right_is_all_points_and_no_hundredth_more(number):
    whole = weighed(*[True] * number)
    assert whole.earned == whole.points == EXERCISE.points


def test_weights_make_a_check_count_more():
    names = check_names(EXERCISE)
    heavy = replace(EXERCISE, weights={names[0]: 6})
    assert shares(heavy, names) == [1.2, 0.2, 0.2, 0.2, 0.2]
    assert weighed(True, *[False] * 4, exercise=heavy).earned == 1.2


def test_weight_for_no_check_is_a_mistake_in_content():
    with pytest.raises(ContentError, match="no check 'check_x'"):
        shares(replace(EXERCISE, weights={"check_x": 2}), ["check_a"])
    with pytest.raises(ContentError, match="no check counts anything"):
        shares(replace(EXERCISE, weights={"check_a": 0}), ["check_a"])


@pytest.mark.parametrize("key", exercises())
def test_weights_of_the_course_name_checks_that_there_are(key):
    exercise = find(key)
    assert sum(shares(exercise, check_names(exercise))) == pytest.approx(exercise.points)


def test_kernel_under_nbgrader_shows_a_number_and_else_words(monkeypatch):
    from IPython.lib.pretty import pretty

    half = weighed(True, False)
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
    assert pretty(half) == "<Report ex01_first_view: incorrect, 1 of 2 checks passed>"
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    assert pretty(half) == "1"
    assert "verdict-report" in half._repr_html_()


def test_check_gives_points(judged, reference):
    assert float(judged(reference)) == 2.0
    assert float(judged("")) == 0.0
