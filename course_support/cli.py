"""What can be done with the course from a terminal?"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from course_support.content import ContentError

Command = Callable[[argparse.Namespace], int]
JOBS_AT_MOST = 256
AFTER_GRADE = """\
Begin with REPORTS/index.html. Fill in REPORTS/marks.csv and run the command again, and your marks
and comments are counted in. Stopped half way, it goes on from there: only what has changed is
judged again.

  grade moodle.zip                              a class, into the folder reports
  grade moodle.zip --moodle worksheet.csv       also fill in Moodle's grading worksheet
  grade submissions --canvas gradebook.csv      also write the table that Canvas imports
  grade --doctor                                what shuts strangers' code in on this machine?

exit codes:
  0  everything that could be read was judged
  1  there was nothing to judge, or a file or folder that you named cannot be used
  2  a wrong call
  3  the grader itself failed; nobody has a zero for it
  130  you stopped it with Ctrl-C
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the exit code is 0 when all is well, 1 when not, 2 for a wrong call."""
    words = list(sys.argv[1:] if argv is None else argv)
    if words and not words[0].startswith("-") and words[0] not in COMMANDS:
        known = ", ".join(COMMANDS)
        print(f"There is no command '{words[0]}'. The commands are: {known}.", file=sys.stderr)
        return 2
    args = command_line().parse_args(words)
    if args.command is None:
        command_line().print_help()
        return 2
    try:
        return COMMANDS[args.command](args)
    except (ContentError, LookupError) as mistake:
        print(*mistake.args, file=sys.stderr)
        return 1


def command_line() -> argparse.ArgumentParser:
    """What may stand after `python -m course_support`."""
    parser = argparse.ArgumentParser(
        prog="python -m course_support", description="The course from a terminal."
    )
    words = parser.add_subparsers(dest="command", title="commands", metavar="COMMAND")
    build = words.add_parser("build", help="make the notebooks from their sources")
    build.add_argument("--check", action="store_true", help="only say what is stale; exit 1 then")
    build.add_argument("names", nargs="*", metavar="NAME", help="such as ex01_first_view")
    reset = words.add_parser("reset", help="start a notebook again; yours is kept beside it")
    reset.add_argument("name", metavar="NAME")
    check = words.add_parser("check", help="run your exercises and say what their checks say")
    check.add_argument("names", nargs="*", metavar="NAME", help="such as ex01_first_view")
    _add_grade(
        words.add_parser(
            "grade",
            help="judge what a class has handed in",
            description="Judge what a class has handed in, and write pages and tables of it.",
            epilog=AFTER_GRADE,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
    )
    _add_progress(words.add_parser("progress", help="the map of the course, as you have done it"))
    export = words.add_parser("export", help="write the exercises as a course of nbgrader")
    export.add_argument("--nbgrader", type=Path, required=True, metavar="DIR")
    export.add_argument("--hidden", type=_path, metavar="FOLDER", help="checks of your own, unseen")
    export.add_argument("names", nargs="*", metavar="NAME", help="such as ex01_first_view")
    prove = words.add_parser("prove", help="run the proof of each question")
    prove.add_argument("lesson", nargs="?", metavar="LESSON", help="such as 01_first_async_view")
    prove.add_argument("--jobs", type=int, default=4, metavar="N", help="how many at a time: 4")
    fresh = "start a new Python for each, instead of forking one that has imported Django"
    prove.add_argument("--fresh", action="store_true", help=fresh)
    schema = words.add_parser("schema", help="write the schema by which editors know the questions")
    schema.add_argument("--check", action="store_true", help="only say whether it is stale")
    _add_bank(words.add_parser("bank", help="questions for another system, and from there"))
    return parser


def _add_bank(bank: argparse.ArgumentParser) -> None:
    actions = bank.add_subparsers(dest="action", metavar="ACTION", required=True)
    export = actions.add_parser("export", help="write questions for another system")
    export.add_argument("lesson", nargs="?", metavar="LESSON", help="such as 01_first_async_view")
    export.add_argument("--to", required=True, choices=("jupyterquiz", "moodle"))
    export.add_argument("-o", dest="output", type=Path, required=True, metavar="FILE")
    bring = actions.add_parser("import", help="make a lesson's questions of jupyterquiz's JSON")
    bring.add_argument("file", type=Path, metavar="FILE")
    bring.add_argument("-o", dest="output", type=Path, required=True, metavar="NN_NAME.toml")


def _add_progress(progress: argparse.ArgumentParser) -> None:
    actions = progress.add_subparsers(dest="action", metavar="ACTION")
    export = actions.add_parser("export", help="write all of it into a new file, as text")
    export.add_argument("file", type=Path, metavar="FILE")
    merge = actions.add_parser("import", help="add what such a file holds, and nothing twice")
    merge.add_argument("file", type=Path, metavar="FILE")
    actions.add_parser("reset", help="start anew; a copy is kept beside")


def _add_grade(grade: argparse.ArgumentParser) -> None:
    grade.add_argument(
        "submissions", nargs="?", type=_path, metavar="SUBMISSIONS",
        help="a folder of notebooks, or the zip that Moodle, Canvas or another platform exports",
    )  # fmt: skip
    grade.add_argument(
        "--out", type=_path, default=Path("reports"), metavar="REPORTS",
        help="where pages and tables are written, and what was judged is kept: reports",
    )  # fmt: skip
    grade.add_argument(
        "--jobs", type=_jobs, default=2, metavar="N", help="for so many processors: 2"
    )
    grade.add_argument("--hidden", type=_path, metavar="FOLDER", help="checks of your own, unseen")
    grade.add_argument("--scheduler", metavar="TCP", help="judge on dask's workers: tcp://...")
    grade.add_argument("--canvas", type=Path, metavar="ROSTER", help="the CSV that Canvas exported")
    grade.add_argument(
        "--moodle", type=Path, nargs="?", const=Path(), metavar="WORKSHEET",
        help="the grading worksheet of Moodle; without one, a CSV for its grade import",
    )  # fmt: skip
    grade.add_argument("--gradebook", type=Path, metavar="DB", help="nbgrader's gradebook.db")
    grade.add_argument("--unsafe", action="store_true", help="also where nothing can be shut in")
    grade.add_argument("--doctor", action="store_true", help="say how this machine shuts code in")


def _path(text: str) -> Path:
    """An empty text is most often a variable of a shell that has no value."""
    if not text:
        raise argparse.ArgumentTypeError("the name of the folder is empty")
    return Path(text)


def _jobs(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= JOBS_AT_MOST):
        raise argparse.ArgumentTypeError(f"{text!r} is no number from 1 to {JOBS_AT_MOST}")
    return int(text)


def _grade(args: argparse.Namespace) -> int:
    from course_support.grading.command import run

    return run(args)


def _export(args: argparse.Namespace) -> int:
    from course_support.authoring.nbgrader import export

    summary = export(args.nbgrader, args.names, hidden=args.hidden)
    print("\n".join(summary.lines))
    return 0 if summary.ok else 1


def _build(args: argparse.Namespace) -> int:
    from course_support.authoring.building import build

    summary = build(args.names, write=not args.check)
    print("\n".join(summary.lines))
    return 0 if summary.ok else 1


def _reset(args: argparse.Namespace) -> int:
    from course_support.authoring.building import reset

    print("\n".join(reset(args.name).lines))
    return 0


def _check(args: argparse.Namespace) -> int:
    from course_support.authoring.running import check

    return check(args.names)


def _progress(args: argparse.Namespace) -> int:
    from course_support.quiz.transfer import run

    return run(args.action, getattr(args, "file", None))


def _prove(args: argparse.Namespace) -> int:
    from course_support.quiz.proofreport import report

    return report(args.lesson, workers=args.jobs, fresh=args.fresh)


def _schema(args: argparse.Namespace) -> int:
    from course_support.quiz.schema import refresh

    said, fresh = refresh(write=not args.check)
    print(said)
    return 0 if fresh else 1


def _bank(args: argparse.Namespace) -> int:
    from course_support.quiz.exchange.command import export_bank, import_bank

    if args.action == "import":
        return import_bank(args.file, args.output)
    return export_bank(args.to, args.lesson, args.output)


COMMANDS: dict[str, Command] = {
    "build": _build,
    "reset": _reset,
    "check": _check,
    "grade": _grade,
    "progress": _progress,
    "export": _export,
    "prove": _prove,
    "schema": _schema,
    "bank": _bank,
}
