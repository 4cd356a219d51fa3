"""Which views does a site serve now?"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

Pattern = Any  # a URLPattern or a URLResolver; Django is imported only when a site is made


def refuse_strange(patterns: Any) -> None:
    """Refuse what is no URLconf, and say what to write.

    Raises:
        TypeError: `patterns` is not a list, or an entry is not made by `path()`.
    """
    from django.urls import URLPattern, URLResolver

    if not isinstance(patterns, list | tuple):
        raise TypeError(
            f"urlpatterns is a list of path(...) entries; this is a {type(patterns).__name__}."
        )
    for number, entry in enumerate(patterns, 1):
        if not isinstance(entry, URLPattern | URLResolver):
            name = getattr(entry, "__name__", type(entry).__name__)
            raise TypeError(
                f"Entry {number} of urlpatterns is {name}, not a path(...).\n"
                f'    Write path("address/", {name}).'
            )


def newest(pattern: Pattern) -> Pattern:
    """The pattern with the view that its name stands for now.

    `path()` holds a function; a cell that is run again makes a new one. Views made inside
    another function, and all but plain functions, stay as they are.
    """
    view = getattr(pattern, "callback", None)
    inner = inspect.unwrap(view) if view is not None else None
    if not inspect.isfunction(inner) or "<locals>" in inner.__qualname__:
        return pattern
    newest = inner.__globals__.get(inner.__name__)
    if newest is None or newest is view or not inspect.isfunction(inspect.unwrap(newest)):
        return pattern
    return _with_view(pattern, newest)


def _with_view(pattern: Pattern, view: Callable[..., Any]) -> Pattern:
    from django.urls import URLPattern

    # The replacement is kept: the resolver's cache knows patterns by identity.
    kept = pattern.__dict__.setdefault("_course_newest", {})
    if view not in kept:
        kept.clear()
        kept[view] = URLPattern(pattern.pattern, view, pattern.default_args, pattern.name)
    return kept[view]
