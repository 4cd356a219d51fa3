"""How is the table of a picture folded away, so that mouse and keyboard can open it?"""

from __future__ import annotations

# JupyterLab takes Enter, Space, letters and arrows for itself unless the focused element says no.
SUMMARY = (
    "<summary style='cursor:pointer' data-lm-suppress-shortcuts='true'>"
    "The same numbers as a table</summary>"
)


def folded(table: str) -> str:
    """The table (HTML) below one line that opens it."""
    return f"<details>{SUMMARY}{table}</details>"
