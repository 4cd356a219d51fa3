"""course_support/quiz/sections.py: every link of the bank leads to a heading that is there."""

import json

import pytest

from course_support.quiz.bank import read_bank
from course_support.quiz.sections import (
    lesson_title,
    section,
    sections,
    shown_at,
    shown_in,
    to_read,
)
from course_support.quiz.session import Session

LESSONS = [lesson for lesson in read_bank() if sections(lesson.name) and lesson.name[:2] != "00"]
OBJECTIVES = [(lesson, key) for lesson in LESSONS for key in lesson.objectives]
CARDS = [q for lesson in LESSONS for q in lesson.questions if q.kind == "card"]


@pytest.fixture
def folder(tmp_path):
    cells = [
        {"cell_type": "markdown", "source": ["# A title\n", "\n", "## Why (6 min)\n", "Words."]},
        {"cell_type": "code", "source": ["## Not a heading"]},
        {"cell_type": "markdown", "source": "### `await` and [links](x.ipynb)"},
    ]
    (tmp_path / "01_first.ipynb").write_text(json.dumps({"cells": cells}), "utf-8")
    return tmp_path


def test_headings_are_those_of_the_text_cells(folder):
    found = [(s.level, s.heading) for s in sections("01_first", folder)]
    assert found == [(1, "A title"), (2, "Why (6 min)"), (3, "await and links")]
    assert lesson_title("01_first", folder) == "A title"


def test_a_link_is_the_one_that_jupyterlab_follows(folder):
    why = section("01_first", "why", folder)
    assert why.href == "01_first.ipynb#Why-(6-min)"
    assert why.link == "[Why](<01_first.ipynb#Why-(6-min)>)"


def test_without_a_notebook_there_is_no_link(tmp_path):
    assert sections("01_first", tmp_path) == ()
    assert section("01_first", "Why", tmp_path) is None
    assert lesson_title("01_first", tmp_path) == "01_first"
    (tmp_path / "01_first.ipynb").write_text("no JSON", "utf-8")
    assert sections("01_first", tmp_path) == ()


def test_a_turned_card_links_to_where_its_answer_is_shown():
    session = Session([next(card for card in CARDS if card.lesson == "04_fan_out")])
    session.flip(session.only())
    back = session.state()["questions"][session.only()]["back"]["back_html"]
    assert 'Shown in lesson 4, <a href="04_fan_out.ipynb#' in back


def test_a_card_of_no_lesson_has_no_link(card):
    assert shown_in(card) == ""


@pytest.mark.parametrize("card", CARDS, ids=lambda card: card.id)
def test_a_card_names_a_section_that_is_there(card):
    assert card.cell, f'{card.place}: write cell = "Learn", where the answer is shown.'
    assert shown_at(card), f"{card.place}: no heading '{card.cell}' in {card.lesson}."


@pytest.mark.parametrize(("lesson", "key"), OBJECTIVES, ids=lambda v: getattr(v, "name", v))
def test_each_objective_has_a_section_to_read_again(lesson, key):
    found = to_read(lesson, key)
    assert found, f"{lesson.name}: no question or card of '{key}' names a section that teaches it."
    assert not {"Recall", "Test", "Try"} & {s.title for s in found}
