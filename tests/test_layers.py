"""Do imports point one way: base <- live <- quiz <- grading <- authoring <- cli?"""

import ast

import pytest

import course_support
from course_support.places import ROOT

ORDER = ["base", "live", "quiz", "grading", "authoring", "cli"]
PLAIN = {
    f"course_support.live.{name}"
    for name in ("spans", "charts", "lanes", "svg", "loads", "bars", "rows", "tables", "folding")
}
MODULES = sorted((ROOT / "course_support").rglob("*.py"))


def layer(module):
    """Which layer a dotted name belongs to; the top is `course_support` itself and __main__."""
    part = (module.split(".") + ["top"])[1]
    if part in ("places", "content", "verdicts"):
        return "base"
    return part if part in ORDER else "top"


def dotted(path):
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def home(name):
    """Where a name that `course_support` itself offers really lives."""
    return course_support._HOMES.get(name.removeprefix("course_support."), name)


def imported(path):
    """The modules of course_support that the file at `path` imports, also within functions."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom):
            assert not node.level, f"{dotted(path)} must not import relatively"
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        else:
            continue
        yield from (home(name) for name in names if name.split(".")[0] == "course_support")


@pytest.mark.parametrize("path", MODULES, ids=dotted)
def test_imports_point_one_way(path):
    here = dotted(path)
    for there in imported(path):
        if layer(here) != "top":
            up = layer(there) == "top" or ORDER.index(layer(there)) > ORDER.index(layer(here))
            assert not up, f"{here} must not import {there}"
        if here in PLAIN:
            plain = any(there.startswith(name) for name in PLAIN)
            assert plain, f"{here} must not import {there}"
