"""How does a map of progress point to a notebook, from whichever notebook shows it?"""

from __future__ import annotations

import os
from html import escape
from pathlib import Path

from course_support import places


def link(html: str, folder: Path, address: str, label: str = "") -> str:
    """A link around `html` to a notebook in one of the course's folders.

    JupyterLab would take Enter on a link for its own command, so each says that it must not.

    Args:
        address: the notebook's name, with the anchor of a heading where there is one.
        label: what a screen reader says instead of `html`, and what a mouse shows.
    """
    here = Path.cwd()
    ours = (places.NOTEBOOKS.name, places.EXERCISES.name, places.SOLUTIONS.name)
    # A copy of the course's folders is as good as the original.
    way = f"../{folder.name}" if here.name in ours else _relative(folder, here)
    named = f' aria-label="{escape(label)}" title="{escape(label)}"' if label else ""
    href = escape(f"{way}/{address}")
    return f'<a href="{href}"{named} data-lm-suppress-shortcuts="true">{html}</a>'


def _relative(folder: Path, here: Path) -> str:
    try:
        return Path(os.path.relpath(folder, here)).as_posix()
    except ValueError:  # another drive
        return folder.as_uri()
