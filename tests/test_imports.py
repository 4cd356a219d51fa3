import json
import subprocess
import sys

import pytest

HEAVY = {"django", "httpx", "ipywidgets", "anywidget", "uvicorn", "nbformat", "IPython", "asyncio"}


def loaded_by(statement):
    """The modules among HEAVY that a fresh process has loaded after `statement`."""
    code = f"{statement}\nimport json, sys\nprint(json.dumps(sorted(sys.modules)))"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return HEAVY & set(json.loads(ended.stdout))


def test_importing_the_course_loads_nothing_heavy():
    assert loaded_by("import course_support; dir(course_support)") == set()


@pytest.mark.parametrize("module", ["verdicts", "content", "cli"])
def test_plain_modules_load_nothing_heavy(module):
    assert loaded_by(f"import course_support.{module}") == set()


def test_a_timeline_loads_no_django():
    assert loaded_by("from course_support import Timeline; Timeline()") <= {"asyncio"}


def test_an_unknown_name_lists_the_known_ones():
    import course_support

    with pytest.raises(AttributeError, match="'site'. It has: Site, Timeline, check, compare"):
        course_support.site  # noqa: B018


def test_all_names_are_there():
    import course_support

    assert all(getattr(course_support, name) for name in course_support.__all__)
