"""What does the map of the course look like, as HTML and as text?"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from html import escape
from pathlib import Path

from course_support import places
from course_support.quiz.coursemap import RULE, CourseMap, Exercise, Part, Stand, State, Step, Weak
from course_support.quiz.links import link
from course_support.quiz.outline import MODES
from course_support.verdicts import ALL_PASSED, checks_passed

SIGNS = {State.DONE: "✓", State.STARTED: "◐", State.OPEN: "○"}
LEGEND = (
    "✓ done, ◐ begun, ○ open; the number is the minutes of that way in. One is done when each of "
    "its questions and cards was answered and its exercise passed; Test also when you took a test "
    'of the lesson to its end. For each question of a lesson: progress("01").'
)
WIDTH = 96
WEAK_AT_MOST = 5


def html(found: CourseMap) -> str:
    """The map as HTML in the colours of JupyterLab's theme; its links start at this folder."""
    parts = [
        f"<p class='course-map-next'>{_next_html(found.next)}</p>",
        _due_html(found),
        _table_html(found),
        note(LEGEND),
        _weak_html(found.weak),
        _exercises_html(found.exercises),
        note(_kept(found)),
    ]
    return f"{STYLE}<div class='course-map'>{''.join(parts)}</div>"


def text(found: CourseMap) -> str:
    """The map as plain text: a line for each lesson, then what is weak, due and next."""
    width = max((len(stand.outline.title) for stand in found.lessons), default=0)
    head = " ".join(f"{mode[:5]:<5}" for mode in MODES)
    lines = [f"   {'':<{width}}  {head}  left"]
    lines += [_line(stand, width) for stand in found.lessons]
    lines += ["", *textwrap.wrap(LEGEND, WIDTH), "", *map(_exercise_line, found.exercises), ""]
    if found.weak:
        lines += [*textwrap.wrap(f"Weak. {RULE}", WIDTH), *map(_weak_text, found.weak), ""]
    lines += [_next(found.next), f"{_done(found)} {_due(found)}", _kept(found)]
    return "\n".join(lines)


def _line(stand: Stand, width: int) -> str:
    marks = " ".join(f"{SIGNS[part.state]} {part.minutes:<3}" for part in stand.parts)
    name = f"{stand.outline.number:>2} {stand.outline.title:<{width}}"
    return f"{name}  {marks}  {stand.minutes_left} min"


def _exercise_line(one: Exercise) -> str:
    return f"{SIGNS[one.state]} {one.task.key}: {_exercise_state(one)}{_hints(one)}"


def _exercise_state(one: Exercise) -> str:
    checks = checks_passed(one.passed, one.total)
    if one.ever:
        return ALL_PASSED if one.passed == one.total else f"passed; now {checks}"
    return f"begun, {checks}" if one.total else "open"


def _hints(one: Exercise) -> str:
    return f", {_count(one.hints, 'hint')}" if one.hints else ""


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _wrong(one: Weak) -> str:
    return f"{one.wrong} of your last {one.of} answers were wrong"


def _weak_text(one: Weak) -> str:
    return f"  {one.aim} (lesson {one.number}): {_wrong(one)}"


def _done(found: CourseMap) -> str:
    return f"{found.answered} of {found.total} questions, cards and exercises are done."


def _due(found: CourseMap) -> str:
    if not found.due:
        return "No card is due."
    return f"{_count(found.due, 'card')} due: quiz.due() shows them."


def _next(step: Step | None) -> str:
    if step is None:
        return "Everything that is asked here has been answered."
    return f"{_step_words(step)} ({_so_far(step.part)})."


def _step_words(step: Step) -> str:
    lesson = f"lesson {step.outline.number}, “{step.outline.title}”"
    return f"{'Begin' if step.first else 'Go on'} with {step.part.title} in {lesson}"


def _so_far(part: Part) -> str:
    return f"{part.minutes} min, {part.answered} of {part.total} done"


def _kept(found: CourseMap) -> str:
    where = f"Kept in {_from_home(Path(found.path))}, on this machine only."
    if not found.trouble:
        return where
    waiting = f" {found.waiting} not saved yet." if found.waiting else ""
    return f"Not being saved: {found.trouble}{waiting}"


def _from_home(path: Path) -> str:
    """The path as one writes it by hand, from ~ on."""
    home = Path.home()
    return str(Path("~") / path.relative_to(home)) if path.is_relative_to(home) else str(path)


def note(words: str) -> str:
    return f"<p class='course-map-note'>{escape(words)}</p>"


def _next_html(step: Step | None) -> str:
    if step is None:
        return escape(_next(None))
    verb, words = _step_words(step).split(" with ", 1)
    target = link(escape(words), places.NOTEBOOKS, step.part.section.href)
    return f"{verb} with {target} ({_so_far(step.part)})."


def _due_html(found: CourseMap) -> str:
    due = escape(_due(found)).replace("quiz.due()", "<code>quiz.due()</code>")
    return f"<p>{escape(_done(found))} {due}</p>"


def _table_html(found: CourseMap) -> str:
    head = "".join(f"<th scope='col'>{mode.capitalize()}</th>" for mode in MODES)
    rows = "".join(map(_row_html, found.lessons))
    return (
        "<div class='course-map-wide' role='region' aria-label='Lessons by their ways in' "
        "tabindex='0' data-lm-suppress-shortcuts='true'><table>"
        "<caption>Your lessons, by their ten ways in</caption>"
        f"<thead><tr><th scope='col'>Lesson</th>{head}</tr></thead>"
        f"<tbody>{rows}</tbody></table></div>"
    )


def _row_html(stand: Stand) -> str:
    outline = stand.outline
    title = link(escape(outline.title), places.NOTEBOOKS, f"{outline.lesson}.ipynb")
    parts = {part.mode: part for part in stand.parts}
    cells = "".join(_cell_html(parts[mode]) if mode in parts else "<td></td>" for mode in MODES)
    name = f"{outline.number} {title}<div class='course-map-note'>{_left(stand)}</div>"
    return f"<tr><th scope='row'>{name}</th>{cells}</tr>"


def _left(stand: Stand) -> str:
    """What is left of a lesson, in a few words."""
    left = f"{stand.minutes_left} of {stand.outline.minutes} min left"
    due = f", {_count(stand.due, 'card')} due" if stand.due else ""
    return (left if stand.minutes_left else "all done") + due


def _cell_html(part: Part) -> str:
    label = f"{part.title}: {part.state}, {_so_far(part)}"
    words = f"<span aria-hidden='true'>{SIGNS[part.state]}</span> {part.minutes}"
    target = link(words, places.NOTEBOOKS, part.section.href, label)
    return f"<td class='course-map-{part.state}'>{target}</td>"


def _exercises_html(exercises: Sequence[Exercise]) -> str:
    rows = "".join(map(_exercise_html, exercises))
    head = "".join(f"<th scope='col'>{name}</th>" for name in ("Exercise", "State", "Hints", "min"))
    return (
        "<table><caption>Your exercises</caption>"
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
    )


def _exercise_html(one: Exercise) -> str:
    task = one.task
    own = task.mode == "project"
    folder, file = (places.EXERCISES, task.key) if own else (places.NOTEBOOKS, task.lesson)
    target = link(escape(task.title), folder, f"{file}.ipynb")
    state = f"<span aria-hidden='true'>{SIGNS[one.state]}</span> {_exercise_state(one)}"
    return (
        f"<tr><th scope='row'>{target}</th><td class='course-map-{one.state}'>{state}</td>"
        f"<td>{one.hints or ''}</td><td>{task.minutes}</td></tr>"
    )


def _weak_html(weak: Sequence[Weak]) -> str:
    if not weak:
        return ""
    items = "".join(f"<li>{_weak_line(one)}</li>" for one in weak[:WEAK_AT_MOST])
    more = len(weak) - WEAK_AT_MOST
    rest = f"<p>And {more} more.</p>" if more > 0 else ""
    return f"<p class='course-map-title'>What is weak</p><ul>{items}</ul>{rest}{note(RULE)}"


def _weak_line(one: Weak) -> str:
    sections = (link(escape(s.title), places.NOTEBOOKS, s.href) for s in one.read)
    again = f" Read again: {', '.join(sections)}." if one.read else ""
    return f"<strong>{escape(one.aim)}</strong> (lesson {one.number}). {_wrong(one)}.{again}"


# Colours are JupyterLab's own, or tints that read on white and on black; the sign and the words
# say the same without them.
STYLE = """<style>
.course-map{max-width:64rem;line-height:1.45}
.course-map .course-map-next{font-size:1.1em;font-weight:600}
.course-map .course-map-title{font-weight:600;margin-bottom:0}
.course-map .course-map-note{font-size:.88em;opacity:.85;max-width:52rem}
.course-map table .course-map-note{padding-left:.75em;margin:0}
.course-map .course-map-wide{overflow-x:auto}
.course-map.course-map.course-map table{border-collapse:separate;border-spacing:2px;margin:.4em 0;
 font-size:.9em;color:inherit;width:auto}
.course-map.course-map.course-map caption{text-align:left;font-weight:600;padding:.2em .2em}
.course-map.course-map.course-map tr,.course-map.course-map.course-map thead{background:none;
 border:0}
.course-map.course-map.course-map th,.course-map.course-map.course-map td{padding:.2em .35em;
 text-align:left;white-space:nowrap;border:0;font-weight:400;max-width:none;vertical-align:middle}
.course-map.course-map.course-map thead th{font-weight:600;font-size:.9em}
.course-map.course-map.course-map tbody td{border-radius:4px}
.course-map.course-map.course-map td.course-map-done{background:rgba(46,133,64,.26)}
.course-map.course-map.course-map td.course-map-started{background:rgba(214,150,20,.24)}
.course-map.course-map.course-map td.course-map-open{background:rgba(128,128,128,.11)}
.course-map.course-map.course-map tbody th{white-space:normal;min-width:9rem}
.course-map.course-map.course-map th.course-map-long{white-space:normal;min-width:16rem}
.course-map td a{color:inherit;text-decoration:none;display:block}
.course-map td a:hover,.course-map td a:focus-visible{text-decoration:underline}
</style>"""
