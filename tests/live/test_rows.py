"""course_support/live/newsdesk/rows.py: rows come and go, and nothing else changes."""

import json

import pytest

from course_support import Site
from course_support.live.settings import run_in_thread

ARTICLE = {
    "headline": "Kites over the pier",
    "body": "Thirty of them.",
    "author": "Wim",
    "published": "2026-02-01T09:00:00+00:00",
}


@pytest.fixture
def call():
    """Call a function of rows.py in a thread: `call("add", ...)`."""
    Site()
    from course_support.live.newsdesk import rows

    return lambda name, *args: run_in_thread(getattr(rows, name), *args).result()


def test_added_rows_are_there_and_removed_rows_leave_everything_as_it_was(call):
    before = call("articles"), call("active_authors")
    call("add", "Kite Post", {"Wim": True, "Xenia": False}, [ARTICLE])
    try:
        newest = call("articles")[0]
        assert (newest["headline"], newest["author"], newest["source"]) == (
            "Kites over the pier", "Wim", "Kite Post",
        )  # fmt: skip
        assert {"name": "Wim", "articles": 1} in call("active_authors")
        assert "Xenia" not in {author["name"] for author in call("active_authors")}
    finally:
        call("remove", "Kite Post", ["Wim", "Xenia"])
    assert (call("articles"), call("active_authors")) == before


def test_an_article_of_an_agency_has_no_author(call):
    call("add", "Kite Post", {}, [ARTICLE | {"author": None}])
    try:
        assert call("articles")[0]["author"] is None
    finally:
        call("remove", "Kite Post", [])


def test_what_is_read_can_travel_as_json(call):
    found = call("articles")
    assert json.loads(json.dumps(found)) == found
    assert found[0].keys() == {"id", "headline", "body", "author", "source"}
