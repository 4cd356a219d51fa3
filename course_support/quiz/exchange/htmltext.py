"""How does HTML from elsewhere become Markdown that holds no HTML?"""

from __future__ import annotations

import re
from html.parser import HTMLParser

_AROUND = {"code": "`", "em": "*", "i": "*", "strong": "**", "b": "**"}
_BLOCKS = ("p", "div", "ul", "ol", "table", "tr", "h1", "h2", "h3", "h4")
_HIDDEN = ("script", "style")


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.fenced = False
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.hidden += tag in _HIDDEN
        if tag == "pre":
            self.fenced = True
            self.parts.append("\n\n```python\n")
        elif tag == "br":
            self.parts.append("\n")
        elif tag == "li":
            self.parts.append("\n- ")
        else:
            self._around(tag)

    def handle_endtag(self, tag: str) -> None:
        self.hidden -= tag in _HIDDEN and self.hidden > 0
        if tag == "pre":
            self.fenced = False
            self.parts.append("\n```\n\n")
        else:
            self._around(tag)

    def _around(self, tag: str) -> None:
        if tag in _AROUND and not self.fenced:
            self.parts.append(_AROUND[tag])
        elif tag in _BLOCKS:
            self.parts.append("\n\n")

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.parts.append(data)


def to_markdown(html: str) -> str:
    """The text of some HTML with emphasis, code and lists as Markdown; scripts are dropped."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    text = "".join(reader.parts)
    text = re.sub(r"\n+```(?=\n\n)", "\n```", text)
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def to_code(html: str) -> str:
    """The plain text of code that was written as HTML."""
    reader = _Reader()
    reader.fenced = True
    reader.feed(html)
    reader.close()
    return "".join(reader.parts)
