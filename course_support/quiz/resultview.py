"""What does the result of a test look like, as HTML and as text?"""

from __future__ import annotations

from html import escape

from course_support.quiz.papers import Paper
from course_support.quiz.rendering import phrase
from course_support.quiz.results import CHALLENGE_RULE, ENOUGH, RULE, SIGNS, Level, Part, Result
from course_support.quiz.sections import Section

_ORDER = {Level.WEAK: 0, Level.GETTING_THERE: 1, Level.STRONG: 2}


def html(found: Result, paper: Paper) -> str:
    """The result page: the score, a verdict a part with links, and the rule."""
    rows = "".join(_row(part, paper) for part in found.parts)
    what = "lesson" if paper.is_course else "objective"
    verdict = "<th scope='col'>Verdict</th>" if paper.judges else ""
    return (
        f"{_badge(found, paper)}<p class='aq-score'><b>{found.right} of {found.total}</b> right"
        f"{_points(found)}</p>{_late(found)}<p class='aq-advice'>{escape(advice(found, paper))}</p>"
        f"<table class='aq-parts'><caption class='aq-unseen'>What was right, by {what}</caption>"
        f"<thead><tr><th scope='col'>{what.capitalize()}</th>{verdict}"
        f"<th scope='col'>Right</th></tr></thead><tbody>{rows}</tbody></table>"
        f"<details><summary data-lm-suppress-shortcuts='true'>How this is judged</summary>"
        f"<div class='aq-text'>{phrase(rule(paper))}</div></details>"
    )


def text(found: Result, paper: Paper) -> str:
    """The same for a terminal."""
    lines = [f"{paper.title}: {found.right} of {found.total} right{_points(found)}"]
    lines += [_badge_words(paper)] if found.perfect and paper.form == "challenge" else []
    lines += [_late_words(found)] if found.late else []
    for part in found.parts:
        counts = f"{part.right} of {len(part.answered)} right"
        level = f"{SIGNS[part.level]} {part.level}: " if paper.judges else ""
        lines.append(f"  {level}{paper.parts[part.key]} ({counts})")
        again = ", ".join(f"{s.title} ({s.notebook})" for s in to_read(part, paper))
        lines += [f"      read again: {again}"] if again else []
    return "\n".join([*lines, advice(found, paper), rule(paper).replace("**", "")])


def to_read(part: Part, paper: Paper) -> list[Section]:
    """The sections about what was not right, each once; none for a strong part."""
    if part.level is Level.STRONG:
        return []
    missed = [one.question for one in part.answered if not one.right]
    return list(dict.fromkeys(section for q in missed for section in paper.to_read(q)))


def rule(paper: Paper) -> str:
    """How this is judged, as Markdown."""
    return RULE if paper.judges else CHALLENGE_RULE


def advice(found: Result, paper: Paper) -> str:
    """What to do now, in one or two sentences."""
    if found.right == found.total:
        return "Every answer was right. Draw again in a week, and see what has stayed."
    weakest = min(found.parts, key=lambda part: (_ORDER[part.level], part.points / part.possible))
    if weakest.level is Level.STRONG:
        return "All strong. Read the reasons of what was not right, and go on."
    if weakest.right == len(weakest.answered):
        return "Read the reasons of what was not right, and go on."
    again = to_read(weakest, paper)
    start = f" Read {again[0].title} again, then draw anew." if again else ""
    return f"Start with “{paper.parts[weakest.key]}”.{start}"


def _points(found: Result) -> str:
    points = sum(part.points for part in found.parts)
    possible = sum(part.possible for part in found.parts)
    return f", {points} of {possible} points"


def _badge(found: Result, paper: Paper) -> str:
    if paper.form != "challenge" or not found.perfect:
        return ""
    return f"<p class='aq-won'><span aria-hidden='true'>★</span> {escape(_badge_words(paper))}</p>"


def _badge_words(paper: Paper) -> str:
    return f"Perfect score: {paper.about}"


def _late(found: Result) -> str:
    return f"<p class='aq-late'>{escape(_late_words(found))}</p>" if found.late else ""


def _late_words(found: Result) -> str:
    answers = "1 answer" if found.late == 1 else f"{found.late} answers"
    return f"{answers} came after the time. The verdict below counts all of them."


def _row(part: Part, paper: Paper) -> str:
    links = "".join(f"<li>{phrase(section.link)}</li>" for section in to_read(part, paper))
    again = f"<ul class='aq-reread' aria-label='Read again'>{links}</ul>" if links else ""
    if paper.judges and part.right == len(part.answered) < ENOUGH:
        again = "<div class='aq-few'>One question is too little for strong.</div>"
    sign = f"<span aria-hidden='true'>{SIGNS[part.level]}</span>"
    level = f"<td class='aq-level'>{sign} {part.level}</td>"
    return (
        f"<tr data-level='{part.level.replace(' ', '-')}'><th scope='row'>"
        f"{phrase(paper.parts[part.key])}{again}</th>{level if paper.judges else ''}"
        f"<td>{part.right} of {len(part.answered)}</td></tr>"
    )
