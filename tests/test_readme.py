"""Is what README.md and CONTRIBUTING.md tell people to type and to open really there?"""

import importlib.util
import re
import shlex

import pytest

from course_support import cli
from course_support.authoring.building import targets
from course_support.authoring.minutes import stated
from course_support.places import ROOT

LESSONS = [target for target in targets() if target.part is None]
EXERCISES = [target for target in targets() if target.part == "starter"]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md"]
FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"(?:python3?|py) (?:course\.py|-m course_support)\b(.*)")
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")

every_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)


def commands(page):
    """The words after `course.py` wherever it stands in a code block or between backticks."""
    text = page.read_text("utf-8")
    lines = "\n".join(FENCE.findall(text)).splitlines() + re.findall(
        r"`([^`\n]+)`", FENCE.sub("", text)
    )
    found = (COMMAND.fullmatch(line.strip()) for line in lines)
    return [(page, shlex.split(match[1])) for match in found if match]


def rows(page):
    """The cells of each row of the table of lessons."""
    table = page.read_text("utf-8").split("| lesson | idea | time | exercise |\n")[1]
    lines = table.split("\n\n")[0].splitlines()[1:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


@pytest.fixture(scope="module")
def course():
    """The file course.py as a module."""
    spec = importlib.util.spec_from_file_location("course", ROOT / "course.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("page", "words"),
    [pytest.param(*found, id=" ".join(found[1])) for page in PAGES for found in commands(page)],
)
def test_each_command_is_known(page, words, course):
    module, *rest = course.plan(words)[1][0]
    if module == "course_support":
        args = cli.command_line().parse_args(rest)
        names = getattr(args, "names", [getattr(args, "name", None)])
        known = {target.name for target in targets()}
        assert all(name in known for name in names if name)


@every_page
def test_each_relative_link_leads_somewhere(page):
    links = [link for link in LINK.findall(page.read_text("utf-8")) if "://" not in link]
    missing = [link for link in links if not (page.parent / link.partition("#")[0]).exists()]
    assert not missing


def test_the_table_has_each_lesson_in_order():
    links = [LINK.findall(lesson) for lesson, *_ in rows(PAGES[0])]
    assert links == [[target.shown] for target in LESSONS]


def test_the_table_has_each_exercise():
    links = [link for *_, exercise in rows(PAGES[0]) for link in LINK.findall(exercise)]
    assert links == [target.shown for target in EXERCISES]


@pytest.mark.parametrize("lesson", LESSONS[1:], ids=lambda lesson: lesson.name)
def test_the_table_has_the_minutes_of_the_lessons_sections(lesson):
    (shown,) = [time for link, _, time, _ in rows(PAGES[0]) if lesson.shown in link]
    assert shown == f"{sum(stated(lesson.source).values())} min"
