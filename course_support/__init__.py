"""The few names a notebook uses: Site, newswire, quiz, check, hint, Timeline.

Each is loaded when it is first used, so that `import course_support` loads neither Django
nor httpx nor ipywidgets (tests/test_imports.py).
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from course_support import quiz as quiz
    from course_support.grading.exercises import hint as hint
    from course_support.grading.judge import check as check
    from course_support.live.newswire import newswire as newswire
    from course_support.live.site import Site as Site
    from course_support.live.spans import Timeline as Timeline

_HOMES = {
    "Site": "course_support.live.site",
    "Timeline": "course_support.live.spans",
    "newswire": "course_support.live.newswire",
    "check": "course_support.grading.judge",
    "hint": "course_support.grading.exercises",
}

__all__ = ["Site", "Timeline", "check", "hint", "newswire", "quiz"]  # noqa: F822


def __getattr__(name: str) -> Any:
    if name == "quiz":
        return import_module("course_support.quiz")
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"course_support has no '{name}'. It has: {', '.join(__all__)}.")


def __dir__() -> list[str]:
    return sorted(__all__)
