"""How do a question's Markdown and code become HTML that is safe to insert?"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from html import escape
from typing import Any

import mistune
from pygments.lexers.python import PythonLexer  # type: ignore[import-untyped]
from pygments.token import STANDARD_TYPES  # type: ignore[import-untyped]

from course_support.quiz.kinds.blanks import BLANK

# A letter that Python and Pygments take as part of a name and that no code of ours contains:
# a blank becomes a name for the lexer and is found again wherever the lexer put it.
_MARK = "\u02ad"
_LEXER = PythonLexer(stripnl=False, ensurenl=False)


@lru_cache(maxsize=2048)
def markdown(text: str) -> str:
    """Markdown as HTML; HTML in the source is shown as text, code blocks have Pygments classes."""
    return str(_to_html(text)).strip()


def phrase(text: str) -> str:
    """Like `markdown`, but a lone paragraph comes without its <p>: it fits into a label."""
    html = markdown(text)
    alone = html.startswith("<p>") and html.endswith("</p>") and html.count("<p>") == 1
    return html[3:-4] if alone else html


@lru_cache(maxsize=256)
def code(source: str) -> str:
    """Python as spans with Pygments' short class names; `{{0}}` is an empty `span.aq-blank`."""
    marked = BLANK.sub(rf"{_MARK}\1{_MARK}", source.strip("\n"))
    return "".join(_span(kind, value) for kind, value in _LEXER.get_tokens(marked))


@lru_cache(maxsize=256)
def code_lines(source: str) -> list[str]:
    """Python line by line, each as complete spans: also a text that runs over several lines."""
    lines = [""]
    for kind, value in _LEXER.get_tokens(source.strip("\n")):
        first, *others = value.split("\n")
        lines[-1] += _coloured(kind, first)
        lines += [_coloured(kind, part) for part in others]
    return lines


def _span(kind: Any, value: str) -> str:
    return "".join(
        f'<span class="aq-blank" data-blank="{part}"></span>' if blank else _coloured(kind, part)
        for blank, part in _split(value)
    )


def _split(value: str) -> Iterator[tuple[bool, str]]:
    """(is it a blank, text or the blank's number), in order."""
    for index, part in enumerate(value.split(_MARK)):
        if part:
            yield index % 2 == 1, part


def _coloured(kind: Any, text: str) -> str:
    name = "" if text.isspace() else STANDARD_TYPES.get(kind, "")
    return f'<span class="{name}">{escape(text)}</span>' if name and text else escape(text)


class _Renderer(mistune.HTMLRenderer):
    def block_code(self, source: str, info: str | None = None) -> str:
        language = (info or "").split(" ")[0]
        body = code(source) if language in ("python", "py") else escape(source)
        return f"<pre><code>{body}</code></pre>\n"


_to_html: Any = mistune.create_markdown(renderer=_Renderer(escape=True), plugins=["table"])
