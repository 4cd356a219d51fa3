"""course_support/live/queries.py: queries are counted in whichever thread they are sent."""

import asyncio
import threading

import pytest
from asgiref.sync import sync_to_async
from django.http import JsonResponse
from django.urls import path

from course_support import Site, count_queries
from course_support.live import queries as counting
from course_support.live.settings import run_in_thread

pytestmark = pytest.mark.anyio


@pytest.fixture
def site():
    """A site with two pages: `/two/` sends two queries, `/sync/` one."""
    site = Site()
    from course_support.live.newsdesk.models import Article

    async def two(request):
        await Article.objects.acount()
        return JsonResponse({"found": await Article.objects.aexists()})

    def sync(request):
        return JsonResponse({"count": Article.objects.count()})

    site.urlpatterns = [path("two/", two), path("sync/", sync)]
    return site


@pytest.fixture
def articles(site):
    from course_support.live.newsdesk.models import Article

    return Article.objects


async def test_the_queries_of_a_request_are_counted_though_another_thread_sends_them(site):
    with count_queries() as queries:
        await site.get("/two/")
    assert len(queries) == 2
    assert len(queries.threads) == 1
    assert threading.current_thread().name not in queries.threads


async def test_two_requests_at_once_send_their_queries_from_two_threads(site):
    with count_queries() as queries:
        await asyncio.gather(site.get("/two/"), site.get("/sync/"))
    assert (len(queries), len(queries.threads)) == (3, 2)


@pytest.mark.parametrize("kind", ["asgi", "wsgi"])
async def test_a_real_server_is_counted_too(site, kind):
    import httpx

    async with site.serve(kind) as server, httpx.AsyncClient(verify=False) as client:
        with count_queries() as queries:
            await client.get(f"{server.url}/two/")
    assert len(queries) == 2


async def test_django_s_own_counter_of_this_thread_sees_none_of_them(site):
    from django.db import connection

    seen = []

    def note(execute, sql, params, many, context):
        seen.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note), count_queries() as queries:
        await site.get("/two/")
    assert (len(seen), len(queries)) == (0, 2)


async def test_a_connection_that_was_open_before_is_counted(articles):
    await articles.acount()
    with count_queries() as queries:
        await articles.acount()
        await sync_to_async(articles.count)()
    assert len(queries) == 2


async def test_a_queryset_that_is_only_built_sends_nothing(articles):
    with count_queries() as queries:
        articles.filter(votes=0).order_by("headline")[:3]
    assert len(queries) == 0
    assert repr(queries) == "<no query>"


async def test_a_query_that_the_guard_refuses_is_not_sent(articles):
    from django.core.exceptions import SynchronousOnlyOperation

    with count_queries() as queries, pytest.raises(SynchronousOnlyOperation):
        articles.count()
    assert len(queries) == 0


async def test_counting_ends_with_its_block_and_blocks_may_overlap(articles):
    with count_queries() as outer:
        await articles.acount()
        with count_queries() as inner:
            await articles.acount()
    await articles.acount()
    assert (len(outer), len(inner)) == (2, 1)


@pytest.mark.parametrize(
    ("spans", "peak"),
    [([], 0), ([(0, 1), (1, 2)], 1), ([(0, 3), (1, 2), (2, 4)], 2), ([(0, 9), (1, 8), (2, 3)], 3)],
)
def test_the_peak_is_how_many_were_under_way_at_one_time(spans, peak):
    queries = counting.Queries()
    for start_s, end_s in spans:
        queries._add(counting.Query("SELECT 1", "a", False, start_s, end_s))
    assert queries.peak == peak


def test_a_count_can_be_begun_and_finished_from_afar(articles):
    handle = counting.begin()
    run_in_thread(articles.count).result()
    (query,) = counting.finish(handle)
    assert query["sql"].startswith("SELECT COUNT(*)")
    assert not query["on_loop"]


async def test_a_query_on_the_loop_itself_is_told_apart(articles, monkeypatch):
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    with count_queries() as queries:
        articles.count()
        await articles.acount()
    assert [query.on_loop for query in queries] == [True, False]
    from django.db import connections

    connections.close_all()  # the one that this thread has opened


async def test_queries_show_their_text_their_thread_and_their_number(articles):
    with count_queries() as queries:
        await articles.afirst()
    assert repr(queries) == "<1 query from 1 thread>"
    html = queries._repr_html_()
    assert "1 query from 1 thread" in html and "SELECT" in html and queries.threads[0] in html


def test_making_the_tables_is_nobody_s_query():
    import subprocess
    import sys

    code = (
        "from course_support import Site, count_queries; Site()\n"
        "from course_support.live.settings import run_in_thread\n"
        "from course_support.live.newsdesk.models import Article\n"
        "with count_queries() as queries: run_in_thread(Article.objects.count).result()\n"
        "print(len(queries))"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert ended.stdout.strip() == "1", ended.stderr
