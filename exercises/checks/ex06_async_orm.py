"""Checks of ex06_async_orm: three pages that read the newsroom's tables."""

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from course_support.grading.checks import (
    Client,
    LoopBlocked,
    NoAnswer,
    NothingThere,
    ViewRaised,
    json_of,
    short,
)
from course_support.live import gates, queries
from course_support.live.newsdesk import rows
from course_support.live.newswire import Newswire

ARTICLES = "/articles/"
AUTHORS = "/authors/active/"
LOOKED_AT = 4  # queries of a page, each held back by itself
UNSAFE = (
    "A query went out from the thread of the event loop: everybody stands still until the "
    "database has answered.\nDJANGO_ALLOW_ASYNC_UNSAFE only takes the warning away. Leave it "
    "off, and let the a-methods and `async for` carry the query to a thread."
)


async def check_lists_all_articles(client: Client, newswire: Newswire) -> None:
    """/articles/ answers with every article, the newest first, and their number."""
    async with more_rows(client, 6) as source:
        wanted = await client.beside(rows.articles)
        page = page_of(await client.get(ARTICLES), ARTICLES)
    found = list_under(page, "articles", ARTICLES)
    assert_all_there(found, wanted, source)
    for shown, row in zip(found, wanted, strict=True):
        assert_same(shown, {key: row[key] for key in ("id", "headline", "author")}, ARTICLES)
    assert page.get("count") == len(wanted), (
        f"Under 'count' stood {short(page.get('count'))}; there were {len(wanted)} articles.\n"
        "It is the number of articles on the page."
    )


def assert_all_there(found: list, wanted: list, source: str) -> None:
    """Are these the wanted articles in their order? If not, the words say which are missing."""
    ids = [article.get("id") if isinstance(article, dict) else None for article in found]
    missing = [row for row in wanted if row["id"] not in ids]
    told = f"{len(wanted) - len(missing)} of {len(wanted)} articles were on the page"
    assert len(missing) < len(wanted), (
        f"None of the {len(wanted)} articles was on the page, or none with its 'id'.\n"
        "Each article is a dict with the keys id, headline and author."
    )
    assert not missing or any(row["author"] for row in missing), (
        f"{told}; those without an author were missing.\n"
        "A story from an agency has no author, and is a story all the same."
    )
    assert not missing or {row["source"] for row in missing} != {source}, (
        f"{told}; those that had just been written were missing.\n"
        "Ask the database in the view, at each request."
    )
    assert not missing, f"{told}.\nThe page lists all of them: leave slices and filters out."
    order = [row["id"] for row in wanted]
    assert ids != order[::-1], (
        "The articles came the oldest first.\n"
        "The model's own order is the newest first: leave it as it is."
    )
    assert ids == order, (
        "All articles were there, but not the newest first.\n"
        "Leave the model's own order as it is: an order_by of your own replaces it."
    )


async def check_shows_one_article(client: Client, newswire: Newswire) -> None:
    """/articles/<id>/ answers with that article, whether it has an author or not."""
    async with more_rows(client, 4) as source:
        there = await client.beside(rows.articles)
        mine = [row for row in there if row["source"] == source]
        for row in (mine[0], next(row for row in mine if row["author"] is None)):
            path = f"{ARTICLES}{row['id']}/"
            assert_same(page_of(await client.get(path), path), row, path)


async def check_unknown_article_is_404(client: Client, newswire: Newswire) -> None:
    """/articles/<id>/ answers 404 where there is no such article."""
    async with more_rows(client, 2) as source:
        there = await client.beside(rows.articles)
        gone = next(row["id"] for row in there if row["source"] == source)
    response = await client.get(f"{ARTICLES}{gone}/")
    assert response.status_code == 404, (
        f"There is no article {gone}, and the page answered {response.status_code}.\n"
        "aget_object_or_404 looks, and answers 404 where nothing is found."
    )


async def check_lists_active_authors(client: Client, newswire: Newswire) -> None:
    """/authors/active/ answers with each active author by name, and how many articles they have."""
    async with more_rows(client, 6):
        wanted = await client.beside(rows.active_authors)
        page = page_of(await client.get(AUTHORS), AUTHORS)
    found = list_under(page, "authors", AUTHORS)
    names = [author.get("name") if isinstance(author, dict) else author for author in found]
    right = [row["name"] for row in wanted]
    strange = [name for name in names if name not in right]
    assert not strange, (
        f"{len(strange)} of the authors on the page are not active, such as {short(strange[0])}.\n"
        "is_active says who is: the database can filter by it."
    )
    idle = [row["name"] for row in wanted if not row["articles"]]
    missing = [name for name in right if name not in names]
    assert not missing or set(missing) != set(idle), (
        "An active author who has not written anything yet was missing.\n"
        "Start from the authors, not from the articles: a count may be 0."
    )
    assert not missing, (
        f"{len(right) - len(missing)} of {len(right)} active authors were on the page.\n"
        "List every author whose is_active is true, each once."
    )
    assert names == right, (
        f"The authors came in the order {short(names)}.\nOrder them by name, each once."
    )
    for shown, row in zip(found, wanted, strict=True):
        assert_same(shown, row, AUTHORS)


async def check_queries_stay_the_same(client: Client, newswire: Newswire) -> None:
    """When the rows double, /articles/ and /authors/active/ send no query more."""
    for path in (ARTICLES, AUTHORS):
        await assert_loop_is_free(client, path)
        few = len(await client.beside(rows.articles))
        before = await queries_of(client, path)
        async with more_rows(client, few, authors=few):
            after = await queries_of(client, path)
        assert after <= before, (
            f"{path} sent {before} queries for {few} articles, and {after} for {2 * few}.\n"
            "Something is asked again for each row. Let one query bring it: select_related for "
            "the one at the other end of a key, annotate for a number."
        )


async def assert_loop_is_free(client: Client, path: str) -> None:
    """While the database keeps a query of this page waiting, does the site answer others?"""
    gate = await client.beside(gates.close)
    try:
        page = client.start(path)
        for number in range(1, LOOKED_AT + 1):
            if not await page.before_answer(client.beside(gates.came, gate, number)):
                break
            with suppress(NothingThere, ViewRaised):
                await client.get(f"/{secrets.token_hex(8)}/")
            await client.beside(gates.let, gate, number)
    except (LoopBlocked, NoAnswer) as nothing:
        assert nothing.path == path, UNSAFE
        raise
    finally:
        await client.beside(gates.open_again, gate)
    page_of(await page.answer(), path)


async def queries_of(client: Client, path: str) -> int:
    """How many queries one request sends."""
    handle = await client.beside(queries.begin)
    try:
        response = await client.get(path)
    finally:
        sent = await client.beside(queries.finish, handle)
    page_of(response, path)
    assert sent, (
        f"{path} was answered without a query.\n"
        "Ask the database at each request: what was read earlier may have changed."
    )
    return len(sent)


async def check_shows_what_is_there_now(client: Client, newswire: Newswire) -> None:
    """Both lists show the rows as they are at the moment of the request."""
    for path, key in ((ARTICLES, "articles"), (AUTHORS, "authors")):
        before = len(list_under(page_of(await client.get(path), path), key, path))
        async with more_rows(client, 4):
            more = len(list_under(page_of(await client.get(path), path), key, path))
        after = len(list_under(page_of(await client.get(path), path), key, path))
        assert before == after < more, (
            f"{path} listed {before}, then {more} when rows had been added, and {after} when they "
            "were gone again.\nIt shows a fixed number, or what it has read earlier. A queryset that "
            "is built beside the view keeps its rows: build it in the view, at each request."
        )


@asynccontextmanager
async def more_rows(client: Client, number: int, authors: int = 3) -> AsyncIterator[str]:
    """Rows that nobody could know before, and that are gone afterwards; gives their source.

    The articles' times lie between those of the sample. The first has an author, the second has
    none, the rest take the authors in turn; the last author is active and has written nothing.
    """
    mark = secrets.token_hex(4)
    source = f"Check {mark}"
    people = {f"{'IJKLMNO'[n % 7]}{n:02} {mark}": n % 3 != 1 for n in range(authors)}
    writers = list(people)
    written = [
        {
            "headline": f"Story {number} of {secrets.token_hex(4)}",
            "body": f"Body {secrets.token_hex(4)}",
            "author": None if number == 1 else writers[number % max(1, authors - 1)],
            "published": (
                first_of_sample() + timedelta(minutes=secrets.randbelow(4000))
            ).isoformat(),
        }
        for number in range(number)
    ]
    try:
        await client.beside(rows.add, source, people, written)
        yield source
    finally:
        await client.beside(rows.remove, source, writers)


def first_of_sample() -> datetime:
    return datetime(2026, 1, 5, 6, 0, tzinfo=UTC)


def page_of(response: httpx.Response, path: str) -> dict[str, Any]:
    """The dict on a page that was answered with 200."""
    assert response.status_code == 200, (
        f"{path} answered {response.status_code}, not 200.\n"
        "Return a JsonResponse without a status of its own."
    )
    page = json_of(response)
    assert isinstance(page, dict), (
        f"The JSON of {path} was a {type(page).__name__}, not a dict.\n"
        "Give the list a name in a dict: a page can then grow other names beside it."
    )
    return page


def list_under(page: dict[str, Any], key: str, path: str) -> list:
    """The list under `key` on the page."""
    assert key in page, (
        f"The JSON of {path} was {short(page)}, without the key '{key}'.\n"
        f'Return JsonResponse({{"{key}": [...]}}).'
    )
    assert isinstance(page[key], list), (
        f"Under '{key}' stood {short(page[key])}, not a list.\n"
        "Read the rows first: [... async for ... in ...] makes a list of them."
    )
    return page[key]


def assert_same(shown: object, row: dict[str, Any], path: str) -> None:
    """Does the page show this row, key by key?"""
    assert isinstance(shown, dict), (
        f"{path} listed {short(shown)}, which is no dict.\n"
        f"Each row is a dict with the keys {', '.join(row)}."
    )
    for key, value in row.items():
        seen = shown.get(key)
        where = f"{path}: under '{key}' stood {short(seen)}; it is {short(value)}"
        assert not (key == "author" and isinstance(seen, int)), (
            f"{where}.\nThat is the author's id. The name is one row further, in the author's table."
        )
        assert seen == value, f"{where}.\nCompare what the page shows with the row itself."
