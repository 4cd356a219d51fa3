"""What do `bank export` and `bank import` do, and what do they say?"""

from __future__ import annotations

from pathlib import Path

from course_support.content import ContentError
from course_support.quiz.bank import lesson, read_bank
from course_support.quiz.exchange import jupyterquiz, moodle
from course_support.quiz.exchange.toml import lesson_text, needs

FORMATS = {"jupyterquiz": jupyterquiz.exported, "moodle": moodle.exported}


def export_bank(to: str, name: str | None, output: Path) -> int:
    """Write a lesson, or the whole bank, for another system; say what it cannot hold.

    Args:
        to: a key of `FORMATS`.
        name: the lesson, such as `01_first_async_view` or just `01`; None for all.

    Raises:
        ContentError: `output` is there already, or the bank has a mistake.
        LookupError: there is no such lesson.
    """
    lessons = [lesson(name)] if name else read_bank()
    found = FORMATS[to](question for part in lessons for question in part.questions)
    write_new(output, found.text)
    print(f"{output.name} has {found.held} questions for {to}.")
    if found.left_out:
        print(f"Left out, for {to} cannot hold them: {len(found.left_out)}.")
        print(*(f"    {reason}" for reason in found.left_out), sep="\n")
    return 0


def import_bank(source: Path, output: Path) -> int:
    """Write the questions of a file of jupyterquiz as a lesson; say what must be added by hand.

    Raises:
        ContentError: the source cannot be read, or `output` is there already.
    """
    try:
        text = source.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as mistake:
        raise ContentError(f"{source.name} cannot be read: {mistake}") from None
    entries, left_out = jupyterquiz.imported(text)
    write_new(output, lesson_text(output.stem, entries))
    print(f"{output.name} has {len(entries)} questions. The lint wants more of them, by hand:")
    print(*(f"    {entry['id']}: {'; '.join(needs(entry))}" for entry in entries), sep="\n")
    print("Give each its own objective, level and section too: they were made up.")
    if left_out:
        print(f"Left out: {len(left_out)}.", *(f"    {reason}" for reason in left_out), sep="\n")
    return 0


def write_new(path: Path, text: str) -> None:
    """Write a file that is not there yet.

    Raises:
        ContentError: it is there, or its folder is not.
    """
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError:
        raise ContentError(
            f"{path.name} is there already and was left alone.\n    Choose another name with -o."
        ) from None
    except OSError as mistake:
        raise ContentError(f"{path.name} cannot be written: {mistake.strerror}.") from None
