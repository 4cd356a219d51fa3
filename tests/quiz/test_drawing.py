"""course_support/quiz/drawing.py: ten questions, balanced, and not the last ones again."""

from collections import Counter
from itertools import count

import pytest

from course_support.quiz.bank import read_bank
from course_support.quiz.drawing import FIVE, TEN, by_lesson, by_objective, draw, drawable
from course_support.quiz.questions import Question

LEVELS = ("easy", "medium", "hard")
LESSONS = [lesson for lesson in read_bank() if len(drawable(lesson.questions)) >= 10]


def question(number, level, objective, section="test", kind="choice", lesson="01_first"):
    return Question(f"q{number}", kind, "?", lesson, section, level, objective)


def pool_of(each, objectives="abc"):
    numbers = count()
    return [
        question(next(numbers), level, objective)
        for _ in range(each)
        for level in LEVELS
        for objective in objectives
    ]


def levels(drawn):
    found = Counter(q.level for q in drawn)
    return [found[level] for level in LEVELS]


@pytest.mark.parametrize("seed", range(20))
def test_a_draw_is_balanced_over_levels_and_objectives(seed):
    drawn = draw(pool_of(3), seed)
    assert len({q.id for q in drawn}) == 10
    assert levels(drawn) == [4, 3, 3]
    assert sorted(Counter(q.objective for q in drawn).values()) == [3, 3, 4]


def test_the_same_seed_draws_the_same_and_another_draws_others():
    draws = {tuple(q.id for q in draw(pool_of(3), seed)) for seed in (1, 1, 2, 3, 4)}
    assert len(draws) == 4


@pytest.mark.parametrize("seed", range(20))
def test_a_draw_repeats_nothing_of_the_last_one_where_there_is_enough(seed):
    pool = pool_of(3)
    first = {q.id for q in draw(pool, seed)}
    second = draw(pool, seed + 1, last=first)
    assert not first & {q.id for q in second}
    assert levels(second) == [4, 3, 3]


def test_what_was_drawn_last_fills_up_where_there_is_not_enough():
    pool = pool_of(2, "ab")  # four of each level
    first = [q.id for q in draw(pool, 1)]
    second = [q.id for q in draw(pool, 2, last=first)]
    assert len(second) == 10
    assert set(second) >= {q.id for q in pool} - set(first)


def test_easy_comes_first_and_hard_last():
    order = [LEVELS.index(q.level) for q in draw(pool_of(3), 5)]
    assert order == sorted(order)


def test_a_missing_level_is_made_up_for_by_the_others():
    pool = [q for q in pool_of(4) if q.level != "hard"]
    assert len(draw(pool, 1)) == 10
    assert len(draw(pool[:6], 1)) == 6


@pytest.mark.parametrize("seed", range(30))
def test_an_objective_with_one_question_is_covered_also_by_the_next_draw(seed):
    pool = [*pool_of(3, "ab"), question(99, "hard", "rare")]
    first = draw(pool, seed)
    second = draw(pool, seed + 1, last=[q.id for q in first])
    assert all("rare" in {q.objective for q in drawn} for drawn in (first, second))


def test_questions_written_for_the_test_come_before_others():
    others = [question(f"other{n}", level, "a", "deep") for n in range(9) for level in LEVELS]
    drawn = draw([*others, *pool_of(4, "a")], 3)
    assert {q.section for q in drawn} == {"test"}


@pytest.mark.parametrize("seed", range(20))
def test_a_level_that_one_objective_fills_is_evened_out_by_the_others(seed):
    easy = [question(f"easy{n}", "easy", "a") for n in range(6)]
    others = [q for q in pool_of(4, "abc") if q.level != "easy"]
    drawn = Counter(q.objective for q in draw([*easy, *others], seed))
    assert drawn == {"a": 4, "b": 3, "c": 3}


def test_what_has_no_key_is_not_drawn():
    kinds = ("card", "recall", "repair", "number", "choice")
    pool = [question(kind, "easy", "a", kind=kind) for kind in kinds]
    assert [q.kind for q in drawable(pool)] == ["choice"]


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_the_bank_gives_each_lesson_a_balanced_ten_twice(lesson, seed):
    pool = drawable(lesson.questions)
    first = draw(pool, seed)
    second = draw(pool, seed + 1, last=[q.id for q in first])
    for drawn in (first, second):
        assert levels(drawn) == [4, 3, 3]
        assert {q.objective for q in drawn} == {q.objective for q in pool}
    assert len({q.id for q in first} & {q.id for q in second}) <= 5


@pytest.mark.parametrize("seed", range(20))
def test_a_draw_of_the_whole_course_visits_every_lesson(seed):
    pool = [q for lesson in LESSONS for q in drawable(lesson.questions)]
    drawn = draw(pool, seed, group=by_lesson)
    assert levels(drawn) == [4, 3, 3]
    visits = Counter(by_lesson(q) for q in drawn)
    assert len(visits) == len(LESSONS)
    assert max(visits.values()) - min(visits.values()) <= 1


def test_a_challenge_takes_five_and_none_of_them_is_easy():
    assert levels(draw(pool_of(3), 1, quotas=FIVE)) == [0, 2, 3]
    assert sum(TEN.values()) == 10
    assert by_objective(question(1, "easy", "a")) == "a"
