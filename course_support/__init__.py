"""The few names a notebook uses: Site, newswire, load_test, compare, watch, quiz, check and so on.

Each is loaded when it is first used, so that `import course_support` loads neither Django
nor httpx nor ipywidgets (tests/test_imports.py).
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from course_support import quiz as quiz
    from course_support.grading.exercises import hint as hint
    from course_support.grading.judge import check as check
    from course_support.live.loads import compare as compare
    from course_support.live.newswire import newswire as newswire
    from course_support.live.queries import count_queries as count_queries
    from course_support.live.site import Site as Site
    from course_support.live.spans import Timeline as Timeline
    from course_support.live.watching import watch as watch
    from course_support.live.workload import load_test as load_test
    from course_support.quiz.mapping import progress as progress
    from course_support.quiz.opening import lesson as lesson

_HOMES = {
    "Site": "course_support.live.site",
    "Timeline": "course_support.live.spans",
    "compare": "course_support.live.loads",
    "count_queries": "course_support.live.queries",
    "load_test": "course_support.live.workload",
    "watch": "course_support.live.watching",
    "newswire": "course_support.live.newswire",
    "check": "course_support.grading.judge",
    "hint": "course_support.grading.exercises",
    "progress": "course_support.quiz.mapping",
    "lesson": "course_support.quiz.opening",
}

__all__ = [  # noqa: F822
    "Site", "Timeline", "check", "compare", "count_queries", "hint", "lesson", "load_test",
    "newswire", "progress", "quiz", "watch",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name == "quiz":
        return import_module("course_support.quiz")
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"course_support has no '{name}'. It has: {', '.join(__all__)}.")


def __dir__() -> list[str]:
    return sorted(__all__)
