"""What does the map of a small course say, of somebody whose answers are known?"""

from datetime import UTC, datetime, timedelta

import pytest

from course_support.quiz.coursemap import State
from course_support.quiz.mapping import course_map
from course_support.quiz.outline import Asked, Outline, Task
from course_support.quiz.progress import Store
from course_support.quiz.sections import Section

START = datetime(2026, 1, 1, 12, tzinfo=UTC)
MODES = ("why", "challenge", "recall", "test")


def lesson(name, *asked, tasks=()):
    ways = {mode: Section(f"{name}.ipynb", f"{mode.capitalize()} (5 min)") for mode in MODES}
    aims = {"wait": f"Wait in {name}", "declare": f"Declare in {name}"}
    return Outline(name, f"The {name} lesson", ways, aims, asked, tasks)


def ask(key, section, objective="wait", kind="choice"):
    return Asked(key, kind, section, objective)


FIX = Task("fix01", "Mend it", "01_first", 8)
COURSE = (
    lesson(
        "01_first",
        ask("a", "why"),
        ask("b", "why", "declare"),
        ask("card", "recall", kind="card"),
        ask("t", "test"),
        tasks=(FIX,),
    ),
    lesson("02_second", ask("c", "why"), ask("guess", "why", kind="number")),
)


@pytest.fixture
def mine(tmp_path):
    return Store(tmp_path / "progress.sqlite3")


@pytest.fixture
def do(mine):
    """Record something, a minute after what came before it."""
    clock = iter(START + timedelta(minutes=n) for n in range(100))

    def record(key, outcome="correct", kind="answer", lesson="01_first", **detail):
        mine.record(
            kind=kind, key=key, outcome=outcome, lesson=lesson, detail=detail, when=next(clock)
        )

    return record


def seen(mine, course=COURSE):
    return course_map(mine, course, START)


def states(found, number=0):
    return [str(part.state) for part in found.lessons[number].parts]


def test_before_the_first_answer_everything_is_open_and_the_first_way_in_is_next(mine):
    found = seen(mine)
    assert states(found) == ["open"] * 4
    assert (found.next.outline.lesson, found.next.part.mode) == ("01_first", "why")
    assert (found.weak, found.due, found.answered, found.total) == ((), 0, 0, 7)
    assert found.text().count("Begin with Why in lesson 1, “The 01_first lesson”") == 1


def test_a_way_in_is_begun_with_one_answer_and_done_with_all_right_or_wrong(mine, do):
    do("a", section="why")
    assert states(seen(mine)) == ["started", "open", "open", "open"]
    do("b", "incorrect", section="why")
    assert states(seen(mine)) == ["done", "open", "open", "open"]
    assert seen(mine).lessons[0].minutes_left == 15


def test_a_card_counts_for_recall_and_a_finished_test_for_its_lesson(mine, do):
    do("card", "incorrect", kind="card", section="recall")
    do("test.01_first", "finished", kind="test")
    do("challenge.02_second", "finished", kind="test", lesson="02_second")
    assert states(seen(mine)) == ["open", "open", "done", "done"]
    assert states(seen(mine), 1) == ["open", "open", "open", "open"]


def test_an_exercise_is_open_until_something_is_written_and_done_for_good(mine, do):
    do("fix01", "not attempted", kind="check", passed=0, total=4)
    assert seen(mine).exercises[0].state is State.OPEN
    do("fix01", "given", kind="hint", number=2, total=3)
    do("fix01", "raised", kind="check", passed=1, total=4)
    (one,) = seen(mine).exercises
    assert (one.state, one.passed, one.total, one.hints) == (State.STARTED, 1, 4, 2)
    assert states(seen(mine))[1] == "started"
    do("fix01", "correct", kind="check", passed=4, total=4)
    assert "fix01: all visible checks passed, 2 hints" in seen(mine).text()
    do("fix01", "incorrect", kind="check", passed=3, total=4)
    assert states(seen(mine))[1] == "done"
    assert "fix01: passed; now 3 of 4 checks passed, 2 hints" in seen(mine).text()


def test_going_on_begins_where_the_learner_was_last_and_returns_to_what_was_left(mine, do):
    do("fix01", "incorrect", kind="check", passed=3, total=4)
    assert seen(mine).next.part.mode == "challenge"
    do("fix01", "correct", kind="check", passed=4, total=4)
    assert seen(mine).next.part.mode == "recall"
    do("c", lesson="02_second", section="why")
    assert (seen(mine).next.outline.lesson, seen(mine).next.part.mode) == ("02_second", "why")


def test_nothing_is_next_when_everything_is_done(mine, do):
    course = (lesson("01_first", *(ask(mode, mode) for mode in MODES)),)
    for mode in MODES:
        do(mode, section=mode)
    assert seen(mine, course).next is None
    assert "Everything that is asked here has been answered." in seen(mine, course).text()
    do("why", section="why")
    assert repr(seen(mine, course)).startswith("<Progress: 1 of 1 lessons done, 4 of 4 things")


def test_an_objective_is_weak_with_two_wrong_of_its_last_five_answers(mine, do):
    do("a", "incorrect", section="why")
    assert seen(mine).weak == ()
    do("t", "incorrect", section="test")
    (weak,) = seen(mine).weak
    assert (weak.aim, weak.number, weak.wrong, weak.of) == ("Wait in 01_first", 1, 2, 2)
    assert [section.title for section in weak.read] == ["Why"]
    for _ in range(4):
        do("a", section="why")
    assert seen(mine).weak == ()


def test_cards_and_guesses_make_nothing_weak(mine, do):
    for _ in range(3):
        do("card", "incorrect", kind="card")
        do("guess", "incorrect", lesson="02_second")
    assert seen(mine).weak == ()


def test_cards_whose_time_has_come_are_due(mine):
    mine.keep("card.card", {"due": (START - timedelta(hours=1)).isoformat()})
    mine.keep("card.gone", {"due": (START - timedelta(hours=1)).isoformat()})
    assert seen(mine).due == 1
    mine.keep("card.card", {"due": (START + timedelta(hours=1)).isoformat()})
    assert seen(mine).due == 0


def test_what_was_recorded_of_a_question_that_is_gone_breaks_nothing(mine, do):
    do("gone", lesson="99_gone", section="why")
    do("a", lesson="01_first")
    mine.keep("card.odd", "not a state")
    assert seen(mine).answered == 1


def test_a_map_says_what_is_not_on_the_disk(tmp_path, capsys):
    (tmp_path / "file").touch()
    mine = Store(tmp_path / "file" / "progress.sqlite3")
    mine.record(kind="answer", key="a", outcome="correct")
    found = seen(mine)
    assert found.waiting == 1
    assert "Not being saved:" in found.text()
    assert "1 not saved yet." in found.text()
    assert "Not being saved:" in found._repr_html_()
