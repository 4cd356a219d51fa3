"""exercises.toml, and hints one by one."""

import pytest

from course_support.content import ContentError
from course_support.grading import exercises
from course_support.grading.exercises import Hint, find, hint
from course_support.grading.setups import setup_of
from course_support.places import NOTEBOOKS

ENTRY = """\
[[exercise]]
id = "ex01"
title = "A title"
lesson = "01"
minutes = 5
hints = ["direction", "cause"]
commentary = "Proved."
"""


@pytest.fixture(autouse=True)
def no_hint_given(monkeypatch):
    monkeypatch.setattr(exercises, "_given", {})


@pytest.fixture
def folder_with(tmp_path):
    """A folder of exercises with the given TOML text, and checks for `ex01`."""

    def make(text):
        (tmp_path / "exercises.toml").write_text(text, "utf-8")
        (tmp_path / "checks").mkdir()
        (tmp_path / "checks" / "ex01.py").touch()
        return tmp_path

    return make


def test_exercises_of_the_course_are_well_formed():
    for key, exercise in exercises.exercises().items():
        assert exercise.key == key
        assert exercises.checks_file(exercise).stem == key
        assert (NOTEBOOKS / "questions" / f"{exercise.lesson}.toml").suffix == ".toml"
        assert exercise.commentary and exercise.minutes > 0


def test_unknown_key_lists_the_known_ones():
    with pytest.raises(LookupError, match=r"no exercise 'ex3'. The exercises are: ex01_first_view"):
        find("ex3")
    with pytest.raises(LookupError, match="The exercises are: ex01_first_view"):
        hint("ex3")


def test_number_of_an_exercise_is_enough():
    assert find("ex01") is find("ex01_first_view")
    assert find("fix03") is find("fix03_hidden_block")
    assert hint("ex01").number == 1
    assert hint("ex01_first_view").number == 2


def test_beginning_that_several_share_is_no_name():
    for name in ("ex", "ex0", ""):
        with pytest.raises(LookupError, match=f"no exercise '{name}'"):
            find(name)


def test_hints_come_one_at_a_time_until_none_is_left():
    total = len(find("ex01_first_view").hints)
    given = [hint("ex01_first_view") for _ in range(total)]
    assert [repr(one).split(":")[0] for one in given] == [
        f"Hint {number} of {total}" for number in range(1, total + 1)
    ]
    assert repr(hint("ex01_first_view")).startswith("No further hint: all 3 have been given")


def test_hint_is_shown_with_its_code_and_without_markup_of_its_own():
    html = Hint("`a < b` is <i>code</i>", 1, 3)._repr_html_()
    assert "<strong>Hint 1 of 3.</strong>" in html
    assert "<code>a &lt; b</code>" in html
    assert "<i>" not in html


def test_entry_is_read_with_its_defaults(folder_with):
    exercise = find("ex01", folder_with(ENTRY))
    assert (exercise.points, exercise.mistakes, exercise.hints) == (1, (), ("direction", "cause"))


def test_first_known_mistake_that_fits_gives_its_words(folder_with):
    mistake = "[[exercise.mistake]]\nraised = '{}'\nwords = '{}'\n"
    text = ENTRY + mistake.format("^TypeError", "one") + mistake.format("Error", "two")
    exercise = find("ex01", folder_with(text))
    assert exercise.words_about("TypeError: x") == "one"
    assert exercise.words_about("ValueError: x") == "two"
    assert exercise.words_about("Warning: x") == ""


def test_a_mistake_may_be_told_from_its_line_where_the_message_is_always_the_same(folder_with):
    mistake = "[[exercise.mistake]]\nraised = '{}'\nwords = '{}'\n"
    line = "^Refused(?s:.*)\\nat .*author"
    exercise = find("ex01", folder_with(ENTRY + mistake.format(line, "join it")))
    assert exercise.words_about("Refused: no\nat cell 4, line 3: `x.author`") == "join it"
    assert exercise.words_about("Refused: author\nat cell 4, line 3: `x`") == ""


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (ENTRY + 'hnts = ["x"]\n', "line 1, 'ex01': unknown key 'hnts'. Known keys: commentary, "),
        (ENTRY.replace('title = "A title"\n', ""), "the key 'title' is missing"),
        (ENTRY.replace("minutes = 5", 'minutes = "5"'), "'minutes' is a whole number; it is '5'"),
        (ENTRY.replace('"A title"', "7"), "'title' is a text; it is 7"),
        (ENTRY.replace('["direction", "cause"]', "[]"), "'hints' is a list of 1 to 3 texts"),
        (ENTRY.replace('["direction", "cause"]', '["a", "b", "c", "d"]'), "list of 1 to 3 texts"),
        (ENTRY.replace("ex01", "ex99"), "checks/ex99.py is missing"),
        (ENTRY + ENTRY, "line 8, 'ex01': this id is used twice"),
        (ENTRY + "mistake = 3\n", r"write \[\[exercise.mistake\]\] with two brackets"),
        (ENTRY + "[[exercise.mistake]]\nwords = 'x'\n", "mistake 1': the key 'raised' is missing"),
        (
            ENTRY + "[[exercise.mistake]]\nraised = '('\nwords = 'x'\n",
            "'raised' is no regular expression",
        ),
        (
            ENTRY + "[[exercise.mistake]]\nraised = 'x'\nword = 'x'\n",
            "unknown key 'word'. Known keys: raised, words",
        ),
    ],
)
def test_mistake_in_the_file_names_its_place(folder_with, text, words):
    with pytest.raises(ContentError, match=words):
        exercises.exercises(folder_with(text))


def test_what_a_person_marks_is_read_with_its_points(folder_with):
    text = ENTRY + '[[exercise.manual]]\nid = "record"\ntitle = "The record"\npoints = 5\n'
    (one,) = find("ex01", folder_with(text)).manual
    assert (one.id, one.title, one.points) == ("record", "The record", 5)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("weights = [1]", "'weights' gives checks whole numbers"),
        ("weights = { check_x = -1 }", "'weights' gives checks whole numbers"),
        ("[[exercise.manual]]\nid = 'x'\ntitle = 'T'", "the key 'points' is missing"),
        ("[[exercise.manual]]\nid = 'x'\ntitle = 'T'\npoints = 'x'", "'points' is a whole number"),
        ("[exercise.manual]\nid = 'x'", "two brackets"),
        ("[[exercise.manual]]\nid = 'a b'\ntitle = 'T'\npoints = 1", "'id' is the id of a cell"),
        ("[[exercise.manual]]\nid = 'comment'\ntitle = 'T'\npoints = 1", "and not 'comment'"),
        ("[[exercise.manual]]\nid = 'x'\ntitle = 'T'\npoints = 0", "'points' is 1 or more"),
    ],
)
def test_weight_or_mark_that_is_not_well_formed_is_named(folder_with, line, words):
    with pytest.raises(ContentError, match=words):
        find("ex01", folder_with(ENTRY + line))


def test_no_two_exercises_call_an_answer_cell_by_the_same_id():
    ids = [cell.id for one in exercises.exercises().values() for cell in setup_of(one).answers]
    assert [one for one in ids if ids.count(one) > 1] == []
