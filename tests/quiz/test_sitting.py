"""course_support/quiz/sitting.py: a test is resumed, timed by an injected clock, and judged."""

import json
from dataclasses import replace
from threading import Thread

import pytest

from course_support.quiz import resultview
from course_support.quiz.bank import Lesson
from course_support.quiz.papers import Paper, paper
from course_support.quiz.progress import Store
from course_support.quiz.questions import Option, Question
from course_support.quiz.results import RULE
from course_support.quiz.sitting import begin

LEVELS = ("easy", "medium", "hard")
OPTIONS = (
    Option("right", "Yes", "So it is.", right=True),
    Option("wrong", "No", "It is not."),
    Option("other", "Perhaps", "Not that either."),
)


def question(number):
    return Question(
        f"q{number}",
        "choice",
        "?",
        lesson="01_first",
        section="test",
        level=LEVELS[number % 3],
        objective="declare" if number % 2 else "wait",
        options=OPTIONS,
        answer=("right",),
        attempts=2,
        hints=("A hint.",),
    )


LESSON = Lesson("01_first", {"declare": "Declare", "wait": "Wait"}, tuple(map(question, range(24))))
TEST = Paper("01_first", "test", (LESSON,))
CHALLENGE = Paper("01_first", "challenge", (LESSON,))


class Clock:
    def __init__(self):
        self.now_s = 1_000_000.0

    def __call__(self):
        return self.now_s


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def file(tmp_path):
    return tmp_path / "progress.sqlite3"


@pytest.fixture
def store(file):
    return Store(file)


def ids(sitting):
    return [q.id for q in sitting.questions]


def answer_all(sitting, wrong=()):
    for number, name in enumerate(ids(sitting)):
        sitting.answer(name, "wrong" if number in wrong else "right")


def test_a_question_takes_one_answer_gives_no_hint_and_then_its_reasons(store):
    sitting = begin(TEST, store)
    first = ids(sitting)[0]
    assert sitting.spec["questions"][0]["hints_total"] == 0
    with pytest.raises(LookupError, match="no hints"):
        sitting.hint(first)
    assert not sitting.answer(first, "wrong")
    sitting.answer(first, "right")
    with pytest.raises(LookupError, match="one answer a question"):
        sitting.again(first)
    shown = sitting.state()["questions"][first]
    assert (shown["outcome"], shown["over"], shown["given"]) == ("incorrect", True, "wrong")
    assert shown["reveal"]["why_html"]["wrong"] == "It is not."


def test_before_an_answer_nothing_that_is_sent_holds_a_key_or_a_reason(store):
    sitting = begin(TEST, store)
    sent = json.dumps([sitting.spec, sitting.state()])
    assert "It is not" not in sent and "So it is" not in sent and '"answer"' not in sent


def test_a_test_goes_on_in_the_next_kernel_where_it_was(file):
    before = begin(TEST, Store(file))
    for name, given in zip(ids(before)[:4], ["right", "wrong", "right", "other"], strict=True):
        before.answer(name, given)
    after = begin(TEST, Store(file))
    assert ids(after) == ids(before)
    assert after.state() == before.state()
    assert after.state()["done"] == 4


def test_two_kernels_at_one_test_lose_no_answer(file):
    begin(TEST, Store(file))

    def sit(half):
        sitting = begin(TEST, Store(file))
        for name in ids(sitting)[half::2]:
            sitting.answer(name, "right")

    kernels = [Thread(target=sit, args=(half,)) for half in (0, 1)]
    for kernel in kernels:
        kernel.start()
    for kernel in kernels:
        kernel.join()
    assert begin(TEST, Store(file)).state()["done"] == 10


def test_a_finished_test_stays_until_a_new_draw_is_asked_for(store):
    first = begin(TEST, store)
    answer_all(first)
    assert begin(TEST, store).result().right == 10
    second = first.following()
    assert second.result() is None and second.state()["done"] == 0
    assert not set(ids(first)) & set(ids(second))
    assert ids(begin(TEST, store)) == ids(second)


def test_a_seed_that_is_kept_draws_the_same_again(store, tmp_path):
    first = begin(TEST, store, again=True, seed=7)
    assert ids(first) == ids(begin(TEST, Store(tmp_path / "other.sqlite3"), seed=7))
    assert store.kept("test.01_first")["seed"] == 7


def test_finishing_is_recorded_once_with_the_verdicts(store):
    sitting = begin(TEST, store)
    answer_all(sitting, wrong=[0])
    begin(TEST, store)
    (event,) = store.events(kind="test")
    assert (event.key, event.lesson, event.outcome) == ("test.01_first", "01_first", "finished")
    assert event.detail["right"] == 9
    assert set(event.detail["parts"]) == {"declare", "wait"}


def test_only_answers_of_now_are_recorded_and_not_those_that_were_kept(store):
    told = []
    record = lambda question, given, verdict, attempt, hints: told.append(question.id)  # noqa: E731
    first, second, *_ = ids(begin(TEST, store))
    begin(TEST, store, recorder=record).answer(first, "right")
    begin(TEST, store, recorder=record).answer(second, "right")
    assert told == [first, second]


def test_a_question_that_left_the_bank_leaves_the_test(store):
    sitting = begin(TEST, store)
    gone = ids(sitting)[0]
    left = replace(LESSON, questions=tuple(q for q in LESSON.questions if q.id != gone))
    resumed = begin(Paper("01_first", "test", (left,)), store)
    assert ids(resumed) == ids(sitting)[1:]


def test_an_answer_that_the_bank_no_longer_knows_leaves_its_question_open(store):
    sitting = begin(TEST, store)
    sitting.answer(ids(sitting)[0], "other")
    changed = tuple(replace(q, options=OPTIONS[:2]) for q in LESSON.questions)
    resumed = begin(Paper("01_first", "test", (replace(LESSON, questions=changed),)), store)
    assert resumed.state()["done"] == 0


@pytest.mark.parametrize("kept", ["nonsense", 3, {}, {"questions": []}, {"questions": ["q1"]}])
def test_a_draw_that_makes_no_sense_is_drawn_anew(store, kept):
    store.keep("test.01_first", kept)
    assert len(begin(TEST, store).questions) == 10


# ---- the timer ----


def test_the_timer_is_off_until_asked_for(store, clock):
    sitting = begin(CHALLENGE, store, clock=clock)
    assert sitting.state()["timer"]["left_s"] is None
    clock.now_s += 1e6
    answer_all(sitting)
    assert sitting.result().perfect


def test_answers_after_the_time_are_counted_as_late_and_not_lost(store, clock):
    sitting = begin(CHALLENGE, store, clock=clock)
    sitting.set_timer("start", 5)
    assert sitting.state()["timer"]["left_s"] == 300
    *in_time, last = ids(sitting)
    clock.now_s += 300
    for name in in_time:
        sitting.answer(name, "right")
    clock.now_s += 0.1
    sitting.answer(last, "right")
    found = sitting.result()
    assert (found.right, found.late, found.perfect) == (5, 1, False)
    assert "1 answer came after the time" in sitting.state()["result_html"]
    assert begin(CHALLENGE, store, clock=clock).result().late == 1


def test_the_timer_goes_on_in_the_next_kernel(file, clock):
    begin(CHALLENGE, Store(file), clock=clock).set_timer("start")
    clock.now_s += 100
    assert begin(CHALLENGE, Store(file), clock=clock).state()["timer"]["left_s"] == 200


def test_the_timer_can_be_extended_also_after_its_end_and_switched_off(store, clock):
    sitting = begin(CHALLENGE, store, clock=clock)
    sitting.set_timer("start", 1)
    clock.now_s += 50
    sitting.set_timer("extend")
    assert sitting.state()["timer"]["left_s"] == 130
    clock.now_s += 1000
    sitting.set_timer("extend")
    assert sitting.state()["timer"]["left_s"] == 120
    sitting.set_timer("stop")
    clock.now_s += 1e6
    answer_all(sitting)
    assert sitting.result().perfect


def test_a_timer_that_runs_is_not_started_again(store, clock):
    sitting = begin(CHALLENGE, store, clock=clock)
    sitting.set_timer("start", 2)
    clock.now_s += 30
    sitting.set_timer("start", 2)
    assert sitting.state()["timer"]["left_s"] == 90
    with pytest.raises(LookupError, match="start, extend or stop, not 'pause'"):
        sitting.set_timer("pause")


# ---- the result ----


def test_the_result_names_each_objective_its_verdict_and_the_rule(store):
    sitting = begin(TEST, store)
    assert sitting.state()["result_html"] == ""
    waiting = [n for n, q in enumerate(sitting.questions) if q.objective == "wait"]
    answer_all(sitting, wrong=waiting)
    found = sitting.result()
    assert [(part.key, str(part.level)) for part in found.parts] == [
        ("declare", "strong"),
        ("wait", "weak"),
    ]
    html, text = sitting.state()["result_html"], resultview.text(found, TEST)
    for words in ("Declare", "Wait", "strong", "weak", f"{10 - len(waiting)} of 10"):
        assert words in html and words in text
    assert RULE.replace("**", "") in text


def test_a_perfect_challenge_has_a_badge_and_a_perfect_test_has_none(store):
    for form, badge in ((CHALLENGE, True), (TEST, False)):
        sitting = begin(form, store)
        answer_all(sitting)
        assert ("Perfect score" in sitting.state()["result_html"]) == badge


def test_a_challenge_counts_but_gives_no_verdict_on_an_objective(store):
    sitting = begin(CHALLENGE, store)
    answer_all(sitting, wrong=[0, 1])
    html, text = sitting.state()["result_html"], resultview.text(sitting.result(), CHALLENGE)
    assert "Verdict" not in html and "getting there" not in text
    assert "too few for a verdict" in html and "too few for a verdict" in text
    assert store.events(kind="test")[0].detail["parts"] == {}


def test_a_real_lesson_links_what_was_missed_to_its_sections(store):
    about = paper("04")
    sitting = begin(about, store, seed=1)
    for q in sitting.questions:
        mistaken = next(q.form.mistaken(q))
        key = mistaken.form.key(mistaken)
        assert not sitting.answer(q.id, key[0] if q.kind == "line" else key), q.id
    html = sitting.state()["result_html"]
    assert 'href="04_fan_out.ipynb#Learn-(' in html
    assert "read again: Learn (04_fan_out.ipynb)" in resultview.text(sitting.result(), about)


def test_every_question_that_may_be_drawn_is_answered_with_its_key_and_resumed(store):
    about = paper(None)
    store.keep(about.place, {"seed": 1, "questions": list(about.questions), "timer": None})
    sitting = begin(about, store)
    for q in sitting.questions:
        key = q.form.key(q)
        assert sitting.answer(q.id, key[0] if q.kind == "line" else key), q.id
    resumed = begin(about, store)
    assert resumed.state() == sitting.state()
    assert resumed.result().right == len(about.questions)


def test_the_whole_course_is_judged_by_lesson(store):
    about = paper(None)
    sitting = begin(about, store)
    assert len(sitting.questions) == 10
    assert "00_start_here" not in about.parts
    assert {q.lesson for q in sitting.questions} <= set(about.parts)
