"""Checks of fix06_web_tutorial: three pages of a tutorial that was never run on Django."""

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from course_support.grading.checks import Client, json_of, short
from course_support.live import queries
from course_support.live.newsdesk import rows
from course_support.live.newswire import Newswire


async def check_tags_are_listed(client: Client, newswire: Newswire) -> None:
    """/tags/ lists the word of every tag."""
    wanted = await client.beside(rows.words)
    found = await list_at(client, "/tags/", "tags")
    assert sorted(map(str, found)) == wanted, (
        f"/tags/: {short(found)} was listed; the tags are {short(wanted)}.\n"
        "The word of each tag is what the page lists."
    )


async def check_active_names_are_listed(client: Client, newswire: Newswire) -> None:
    """/names/ lists the names of the active authors, and of nobody else."""
    async with more_rows(client):
        wanted = [row["name"] for row in await client.beside(rows.active_authors)]
        found = await list_at(client, "/names/", "names")
    strange = [name for name in found if name not in wanted]
    assert not strange, (
        f"/names/: {short(strange[0])} was listed, and is no name of an active author.\n"
        "Keep the filter of the tutorial: only its letter a is wrong."
    )
    assert sorted(found) == wanted, (
        f"/names/: {len(found)} names were listed; {len(wanted)} authors are active.\n"
        "List every active author, as the database has them at this moment."
    )


async def check_latest_has_three_with_their_sources(client: Client, newswire: Newswire) -> None:
    """/latest/ lists the three newest articles, each with its source, in one query."""
    async with more_rows(client):
        newest = (await client.beside(rows.articles))[:3]
        handle = await client.beside(queries.begin)
        try:
            found = await list_at(client, "/latest/", "latest")
        finally:
            sent = await client.beside(queries.finish, handle)
    wanted = [{key: row[key] for key in ("headline", "source")} for row in newest]
    assert len(found) == 3, (
        f"/latest/: {len(found)} articles were listed, not three.\n"
        "A slice is a part of the question, as a filter is: leave it where it was."
    )
    assert found == wanted, (
        f"/latest/: the newest was {short(found[0])}; it is {short(wanted[0])}.\n"
        "The order and the two keys of the tutorial were right: headline, and the source's name."
    )
    assert len(sent) == 1, (
        f"/latest/: the three articles took {len(sent)} queries.\n"
        "The name of the source can come along in the first one."
    )


async def list_at(client: Client, path: str, key: str) -> list[Any]:
    """The list under `key` on the page at `path`."""
    page = json_of(await client.get(path))
    assert isinstance(page, dict) and isinstance(page.get(key), list), (
        f"{path}: the JSON was {short(page)}, without a list under '{key}'.\n"
        "Leave the JsonResponse of the tutorial as it was."
    )
    return page[key]


@asynccontextmanager
async def more_rows(client: Client) -> AsyncIterator[None]:
    """Two authors and an article that nobody could know before; gone afterwards."""
    mark = secrets.token_hex(4)
    source, people = f"Check {mark}", {f"Ida {mark}": True, f"Jun {mark}": False}
    article = {
        "headline": f"Story {secrets.token_hex(4)}",
        "body": "",
        "author": None,
        "published": "2026-01-08T10:30:00+00:00",  # between the two newest of the sample
    }
    try:
        await client.beside(rows.add, source, people, [article])
        yield
    finally:
        await client.beside(rows.remove, source, list(people))
