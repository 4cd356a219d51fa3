"""course_support/authoring/minutes.py: the minutes that a lesson states follow one rule."""

import pytest

from course_support.authoring import minutes
from course_support.places import NOTEBOOKS
from course_support.quiz import bank

LESSONS = sorted(source for source in (NOTEBOOKS / "source").glob("*.py") if minutes.stated(source))


def test_words_code_and_questions_add_up_and_are_rounded_up(tmp_path):
    source = tmp_path / "09_topic.py"
    words = " ".join(["word"] * 178)
    code = "\n".join(["x = 1"] * 12)
    source.write_text(
        f"# %% [markdown]\n# # Title\n#\n# ## Why (9 min)\n# {words}\n\n# %%\n{code}\n\n"
        "# %% [markdown]\n# ## Try (1 min)\n"
    )
    assert minutes.stated(source) == {"Why": 9, "Try": 1}
    assert minutes.estimated(source) == {"Why": 3, "Try": 1}


def test_a_test_counts_ten_questions_a_challenge_five_and_due_cards_those_of_the_lesson(tmp_path):
    source = tmp_path / "09_topic.py"
    cells = {
        "Test": 'quiz.test("04")',
        "Challenge": 'quiz.challenge("04")',
        "Recall": 'quiz.due("04")',
    }
    source.write_text(
        "\n\n".join(
            f"# %% [markdown]\n# ## {name} (1 min)\n\n# %%\n{code}\n"
            for name, code in cells.items()
        )
    )
    cards = sum(q.kind == "card" for q in bank.lesson("04").questions)
    found = minutes.estimated(source)
    assert (found["Test"], found["Challenge"]) == (11, 6)
    assert found["Recall"] == cards // 2 + 1


@pytest.mark.parametrize("source", LESSONS, ids=lambda source: source.stem)
def test_the_minutes_of_a_lesson_are_those_of_the_rule(source):
    assert minutes.stated(source) == minutes.estimated(source)


@pytest.mark.parametrize("source", LESSONS, ids=lambda source: source.stem)
def test_the_table_of_a_lesson_repeats_the_minutes_of_its_headings(source):
    text = source.read_text("utf-8")
    for name, stated in minutes.stated(source).items():
        assert f"# | [{name}](<#{name}-({stated}-min)>) | {stated} |" in text
