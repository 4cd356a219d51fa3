"""When are two answers the same? When they differ in nothing that Python sees but the quotes."""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Mapping, Sequence
from functools import lru_cache

from course_support.grading.exercises import Exercise
from course_support.grading.setups import setup_of

LONGEST = 20_000  # characters; what is longer is compared line by line
_UNSEEN = {
    tokenize.COMMENT, tokenize.NL, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER,
}  # fmt: skip
_QUOTED = re.compile(r"(\w*)('''|\"\"\"|'|\")(.*)\2", re.DOTALL)


def essence(sources: Sequence[str]) -> str:
    """What is compared: the code without spaces, blank lines, comments and the kind of quotes."""
    return "\n".join(found for source in sources if (found := _essence(source)))


def is_untouched(exercise: Exercise, cells: Mapping[str, str]) -> bool:
    """Whether nothing stands in the cells but what the exercise gave."""
    given = {cell.id: cell.source for cell in setup_of(exercise).answers}
    return all(
        _essence(source) in ("", _essence(given.get(one, ""))) for one, source in cells.items()
    )


@lru_cache(4096)
def _essence(source: str) -> str:
    """A stranger's text is never parsed here: deep brackets can crash a parser."""
    try:
        return _tokens(source) if len(source.rstrip()) <= LONGEST else _lines(source)
    except (tokenize.TokenError, SyntaxError, ValueError):
        return _lines(source)


def _tokens(source: str) -> str:
    parts = []
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.NEWLINE:
            parts.append("\n")
        elif token.type not in _UNSEEN:
            parts.append(_QUOTED.sub(r'\1"\3"', token.string).strip())
    return " ".join(parts).strip()


def _lines(source: str) -> str:
    lines = [re.sub(r"\s+", "", line) for line in source.splitlines()]
    return "\n".join(line for line in lines if line and not line.startswith("#"))
