"""Who of the class stands in which row of a platform's table?

A grade in the wrong row is worse than one to be entered by hand: where it is not certain, nobody.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeAlias

from course_support.grading.results import ClassResults, Result

Row: TypeAlias = dict[str, str]
Names: TypeAlias = Callable[[Row], Iterable[str]]
Whom: TypeAlias = dict[int, list[Result]]


def matched(
    found: ClassResults, rows: Sequence[Row], names: Names, number: Callable[[Row], str]
) -> Whom:
    """The results of whoever stands in each row, by the row's identity.

    By the platform's number where the download had it, and the name agrees; else by a name that
    only one row has. Two who would stand in one row are left to a person: one of them has taken
    the other's name.

    Args:
        names: what a row calls its person.
        number: the number of a row's person in the platform, or empty.
    """
    by_name = _grouped(rows, lambda row: {plain(name) for name in names(row)})
    by_number = _grouped(rows, lambda row: {number(row)})
    claims: dict[int, list[list[Result]]] = {}
    for student in found.students:
        if results := found.of_student(student):
            given = results[0].submission.number
            there = by_number.get(given, []) if given else []
            there = [row for row in there if _agrees(student, given, names(row))]
            there = there or by_name.get(plain(_base(student, given)), [])
            if len(there) == 1:
                claims.setdefault(id(there[0]), []).append(results)
    return {row: whose[0] for row, whose in claims.items() if len(whose) == 1}


def unmatched(found: ClassResults, whom: Mapping[int, list[Result]]) -> list[str]:
    """The students whose grades stand in no row."""
    there = {results[0].student for results in whom.values()}
    return [one for one in found.students if found.of_student(one) and one not in there]


def plain(name: str) -> str:
    """The letters and digits of a name, without accents, in small letters."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    return "".join(letter for letter in letters if letter.isalnum())


def _grouped(rows: Sequence[Row], keys: Callable[[Row], set[str]]) -> dict[str, list[Row]]:
    groups: dict[str, list[Row]] = {}
    for row in rows:
        for key in keys(row) - {""}:
            groups.setdefault(key, []).append(row)
    return groups


def _base(student: str, number: str) -> str:
    """The name without the number by which `owners.names` told it from another's."""
    return student.removesuffix(f" ({number})")


def _agrees(student: str, number: str, names: Iterable[str]) -> bool:
    """Whether a row's name can be the student's: Moodle counts each assignment's people anew.

    Moodle writes the group before the name; who is anonymous there has a number for a name.
    """
    own = plain(_base(student, number))
    given = {plain(name) for name in names} - {""}
    anonymous = own == plain(f"participant {number}")
    return anonymous or not given or any(own.endswith(name) for name in given)
