"""Is the map's HTML sound, linked and readable without its colours?"""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from course_support import progress
from course_support.places import EXERCISES, NOTEBOOKS, ROOT
from course_support.quiz.mapview import SIGNS
from course_support.quiz.outline import MODES, outlines


@pytest.fixture(autouse=True)
def empty(monkeypatch, tmp_path):
    monkeypatch.setenv("COURSE_PROGRESS", str(tmp_path / "<b>&progress.sqlite3"))
    monkeypatch.chdir(NOTEBOOKS)


def links(html):
    return re.findall(r'<a href="([^"]+)"', html)


def test_each_way_into_each_lesson_is_linked_with_its_state_in_words():
    html = progress()._repr_html_()
    for outline in outlines():
        for mode in MODES:
            section = outline.ways[mode]
            assert f'href="../notebooks/{section.href}"' in html
            assert f'aria-label="{section.title}: open, ' in html
    assert html.count(f"aria-hidden='true'>{SIGNS['open']}") == html.count("td class='course-map-")


@pytest.mark.parametrize("folder", [NOTEBOOKS, EXERCISES, ROOT, ROOT / "course_support" / "quiz"])
def test_links_lead_to_notebooks_from_wherever_the_map_is_shown(folder, monkeypatch):
    monkeypatch.chdir(folder)
    found = links(progress()._repr_html_())
    assert len(found) > 40
    assert [link for link in found if not (folder / link.split("#")[0]).is_file()] == []


def test_tables_have_captions_and_headers_for_rows_and_columns():
    html = progress()._repr_html_()
    assert html.count("<table>") == html.count("<caption>") == 2
    assert html.count("<th scope='col'>") == 11 + 4
    rows = len(outlines()) + sum(len(outline.tasks) for outline in outlines())
    assert html.count("<th scope='row'>") == rows


def test_names_are_escaped_and_tags_are_closed():
    html = progress()._repr_html_()
    assert "&lt;b&gt;&amp;progress" in html

    class Tags(HTMLParser):
        open: list[str] = []

        def handle_starttag(self, tag, attrs):
            self.open.append(tag)

        def handle_endtag(self, tag):
            assert self.open.pop() == tag

    Tags().feed(html)
    assert Tags.open == []


def test_text_has_a_line_for_each_lesson_and_none_too_long_for_a_terminal():
    lines = progress().text().splitlines()
    for outline in outlines():
        assert any(outline.title in line and line.endswith(" min") for line in lines)
    assert all(len(line) <= 120 for line in lines if "Kept in" not in line)


def test_the_last_line_names_the_file_from_home_on(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    monkeypatch.setenv("COURSE_PROGRESS", str(tmp_path / "data" / "progress.sqlite3"))
    *_, last = progress().text().splitlines()
    name = Path("~/data/progress.sqlite3")
    assert last == f"Kept in {name}, on this machine only."
