"""A verdict says the same to a terminal and to a page, where nothing of it is markup."""

from course_support.verdicts import Outcome, Verdict

TOLD = Verdict(
    Outcome.RAISED,
    "/x/ answers what `status_of` says",
    seen="ValueError: <b>odd</b>",
    next_step="Look at `int`.\nThen check again.",
    line="cell 2, line 8: `return int(request.GET['n'])`",
)


def test_code_in_a_verdict_is_shown_as_code():
    page = TOLD._repr_html_()
    for code in ("status_of", "int", "return int(request.GET[&#x27;n&#x27;])"):
        assert f"<code>{code}</code>" in page
    assert "`" not in page


def test_nothing_that_a_view_said_is_markup():
    assert "&lt;b&gt;odd&lt;/b&gt;" in TOLD._repr_html_()


def test_text_has_every_part_on_lines_of_its_own():
    assert TOLD.text().splitlines() == [
        "! /x/ answers what `status_of` says (raised)",
        "    ValueError: <b>odd</b>",
        "    cell 2, line 8: `return int(request.GET['n'])`",
        "    Look at `int`.",
        "    Then check again.",
    ]
