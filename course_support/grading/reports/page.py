"""What is every page made of? A head without scripts, tables that are tables, and a foot."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from course_support.grading.reports.style import STYLE
from course_support.grading.reports.words import clean, one_line
from course_support.verdicts import SIGNS, Outcome, Report, Verdict

# Nothing is loaded and nothing runs, whatever a submission brought into the page.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def page(title: str, body: Iterable[str], foot: str = "") -> str:
    """A whole document; `body` and `foot` are HTML, `title` is text."""
    return (
        "<!DOCTYPE html>\n"
        '<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(one_line(title))}</title><style>{STYLE}</style></head>\n"
        f"<body><main>\n{chr(10).join(body)}\n<footer>{foot}</footer>\n</main></body></html>\n"
    )


def table(caption: str, heads: Sequence[str], rows: Iterable[Sequence[str]], *, nums: str) -> str:
    """A table whose first cell of a row is the row's head.

    Args:
        caption: text; what the table shows.
        heads: text; the columns' heads.
        rows: HTML of the cells.
        nums: a letter for each column, "n" where it holds numbers.
    """
    classes = [' class="num"' if kind == "n" else "" for kind in nums]
    head = "".join(
        f'<th scope="col"{kind}>{_breakable(text)}</th>'
        for text, kind in zip(heads, classes, strict=True)
    )
    lines = []
    for first, *others in rows:
        cells = "".join(
            f"<td{kind}>{cell}</td>" for cell, kind in zip(others, classes[1:], strict=True)
        )
        lines.append(f'<tr><th scope="row"{classes[0]}>{first}</th>{cells}</tr>')
    return (
        f'<div class="wide"><table><caption><span>{escape(caption)}</span></caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(lines)}</tbody></table></div>"
    )


def _breakable(head: str) -> str:
    """A column's head, which may go on in the next line behind an underscore."""
    return escape(head).replace("_", "_<wbr>")


def figures(pairs: Iterable[tuple[str, str]]) -> str:
    """A few large numbers, each with its name."""
    items = "".join(
        f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>" for name, value in pairs
    )
    return f'<dl class="figures">{items}</dl>'


def kind(outcome: Outcome) -> str:
    """The class of an outcome in the style sheet."""
    return outcome.replace(" ", "-")


def sign(outcome: Outcome) -> str:
    """The sign and the word of an outcome."""
    return f"{SIGNS[outcome]} {outcome}"


def strip(report: Report) -> str:
    """A small square for each check, and the same in words for those who do not see it.

    The squares of hidden checks stand apart.
    """
    groups = [report.visible.verdicts, report.hidden]
    squares = '<i class="apart"></i>'.join("".join(map(_square, one)) for one in groups if one)
    words = ", ".join(report.counts())
    return (
        f'<span class="hidden">, {words}</span>'
        f'<span class="strip" title="{words}" aria-hidden="true">{squares}</span>'
    )


def _square(verdict: Verdict) -> str:
    return f'<i class="{kind(verdict.outcome)}"></i>'


def bar(part: int, whole: int) -> str:
    """How much of the whole, as a picture beside its numbers."""
    width = round(100 * part / whole) if whole else 0
    return f'<div class="bar" aria-hidden="true"><i style="width:{width}%"></i></div>'


def text(value: str) -> str:
    """A short text for a page."""
    return escape(one_line(value))


def details(summary: str, content: str, *, unfolded: bool = False) -> str:
    """Something to unfold; `summary` is text, `content` HTML."""
    state = " open" if unfolded else ""
    return f"<details{state}><summary>{escape(clean(summary))}</summary>{content}</details>"


SHOWN = 20_000  # letters of a text; nobody reads more on a page
LONG = 2_500  # letters, and
LINES = 30  # lines, from which on a text gets a box of its own to scroll


def written(value: str, label: str, *, code: bool = False) -> str:
    """What a stranger wrote, as it is: prose unless it is code, with a limit to its length.

    Args:
        label: names the box of a long text for those who do not see it.
    """
    shown = clean(value[:SHOWN]).strip("\n")
    kinds = ["written", *(["code"] if code else [])]
    box = ""
    if len(shown) > LONG or shown.count("\n") > LINES:
        kinds.append("long")
        box = f' tabindex="0" role="region" aria-label="{escape(one_line(label))}"'
    found = f'<div class="{" ".join(kinds)}"{box} dir="auto">{escape(shown)}</div>'
    if len(value) > SHOWN:
        found += (
            f'<p class="meta">These are the first {SHOWN:,} of {len(value):,} letters. The rest is '
            "in the notebook.</p>"
        )
    return found
