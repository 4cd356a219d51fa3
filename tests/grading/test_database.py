"""A database in another process answers as Django's own does, and says what it was asked."""

import asyncio
import datetime
import decimal
import socket
import threading
import time
import types
from contextlib import suppress

import pytest
from django.db import IntegrityError, connections, transaction
from django.db.models import Count, F, Max, Q
from django.db.utils import OperationalError
from django.test.utils import CaptureQueriesContext

from course_support.grading import frames, peers
from course_support.grading.children import Limits
from course_support.grading.database import serving
from course_support.grading.exercises import find
from course_support.grading.outside import Grader
from course_support.grading.remote import RemoteTarget
from course_support.grading.setups import Cell, Setup, setup_of
from course_support.grading.targets import Ended
from course_support.live import queries
from course_support.live.loopback import bound_socket
from course_support.live.newsdesk import rows
from course_support.live.settings import database, ensure_django
from course_support.places import ROOT
from course_support.verdicts import Outcome

FAR = "course_support.grading.database"
ENDLESS = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n)"


@pytest.fixture(scope="module")
def port():
    ensure_django({})
    with bound_socket() as listening:
        listening.listen()
        threading.Thread(target=serving.serve, args=(listening.dup(),), daemon=True).start()
        yield listening.getsockname()[1]


@pytest.fixture
def both(port, tmp_path):
    """The aliases of one database: as Django has it, and from afar."""
    wanted = database(tmp_path / "unused.sqlite3") | {"ENGINE": FAR, "PORT": str(port)}
    connections.databases["far"] = wanted
    connections.configure_settings(connections.databases)
    yield "default", "far"
    for alias in ("default", "far"):
        connections[alias].close()
    del connections["far"], connections.databases["far"]


def newsdesk():
    from course_support.live.newsdesk import models

    return types.SimpleNamespace(**vars(models))


READ = {
    "all": lambda desk, a: list(desk.Article.objects.using(a).values_list()),
    "instances": lambda desk, a: [x.published for x in desk.Article.objects.using(a)],
    "booleans": lambda desk, a: list(desk.Author.objects.using(a).values_list("is_active")),
    "joined": lambda desk, a: [
        x.author and x.author.name for x in desk.Article.objects.using(a).select_related("author")
    ],
    "prefetched": lambda desk, a: [
        [t.word for t in x.tags.all()]
        for x in desk.Article.objects.using(a).prefetch_related("tags")
    ],
    "iterated": lambda desk, a: [x.pk for x in desk.Article.objects.using(a).iterator(2)],
    "sliced": lambda desk, a: [x.pk for x in desk.Article.objects.using(a)[3:7]],
    "counted": lambda desk, a: desk.Article.objects.using(a).count(),
    "aggregated": lambda desk, a: desk.Article.objects.using(a).aggregate(Max("published")),
    "annotated": lambda desk, a: list(
        desk.Author.objects.using(a).annotate(n=Count("articles")).values_list("name", "n")
    ),
    "dates": lambda desk, a: list(desk.Article.objects.using(a).dates("published", "day")),
    "matching": lambda desk, a: desk.Article.objects.using(a).filter(headline__regex="^F").count(),
    "or": lambda desk, a: desk.Article.objects.using(a).filter(Q(pk=1) | Q(author=None)).count(),
    "percent": lambda desk, a: desk.Article.objects.using(a).filter(headline="100 %s %%").count(),
    "after": lambda desk, a: (
        desk.Article.objects.using(a)
        .filter(published__gt=datetime.datetime(2026, 1, 6, tzinfo=datetime.UTC))
        .count()
    ),
    "missing": lambda desk, a: desk.Article.objects.using(a).get(pk=10**6),
    "two": lambda desk, a: desk.Article.objects.using(a).get(pk__lt=3),
    "no such column": lambda desk, a: (
        desk.Article.objects.using(a).extra(where=["nix = 1"]).count()
    ),
    "too large": lambda desk, a: desk.Article.objects.using(a).filter(votes=2**70).count(),
    "a list as a value": lambda desk, a: cursor(a, "SELECT %s", [[1]]),
    "values": lambda desk, a: cursor(
        a, "SELECT %s, %s, %s, %s, %s", [None, 1.5, b"\x00x", "ü", decimal.Decimal("1.10")]
    ),
    "named": lambda desk, a: cursor(a, "SELECT %(one)s + 1", {"one": 41}),
    "times": lambda desk, a: cursor(a, "SELECT %s", [datetime.datetime(2026, 1, 5, 6)]),
    "described": lambda desk, a: cursor(a, "SELECT 1 AS one, 2 AS two", None, described=True),
    "nothing": lambda desk, a: cursor(a, "SELECT 1 WHERE 0", None),
    "no SQL": lambda desk, a: cursor(a, "NO QUERY", None),
    "two queries": lambda desk, a: cursor(a, "SELECT 1; SELECT 2", None),
}


def cursor(alias, sql, params, *, described=False):
    with connections[alias].cursor() as cursor:
        cursor.execute(sql, params)
        return [column[0] for column in cursor.description] if described else cursor.fetchall()


def outcome(work, *args):
    """What came of it: a value, or the exception's class and words."""
    try:
        return work(*args)
    except Exception as error:
        return type(error), str(error)


@pytest.mark.parametrize("name", READ)
def test_far_database_answers_as_a_near_one(both, name):
    near, far = (outcome(READ[name], newsdesk(), alias) for alias in both)
    assert far == near


def test_rows_that_are_written_from_afar_are_there(both):
    desk = newsdesk()
    made = desk.Tag.objects.using("far").create(word="far away")
    assert made.pk is not None
    assert desk.Tag.objects.using("default").get(pk=made.pk).word == "far away"
    many = [desk.Tag(word=f"far {n}") for n in range(700)]
    assert len(desk.Tag.objects.using("far").bulk_create(many)) == 700
    far = desk.Tag.objects.using("far").filter(word__startswith="far")
    assert far.update(word=F("word")) == 701
    assert far.delete()[0] >= 701
    assert desk.Tag.objects.using("default").filter(word__startswith="far").count() == 0


def test_transaction_that_fails_leaves_nothing(both):
    desk = newsdesk()
    with pytest.raises(IntegrityError, match="UNIQUE"), transaction.atomic("far"):
        desk.Tag.objects.using("far").create(word="once")
        with pytest.raises(IntegrityError), transaction.atomic("far"):
            desk.Tag.objects.using("far").create(word="once")
        assert desk.Tag.objects.using("far").filter(word="once").exists()
        desk.Tag.objects.using("far").create(word="once")
    assert not desk.Tag.objects.using("default").filter(word="once").exists()


def test_connection_that_is_cut_in_a_transaction_undoes_it(both):
    desk = newsdesk()
    connections["far"].set_autocommit(False)
    desk.Tag.objects.using("far").create(word="lost")
    connections["far"].connection.close()
    connections["far"].connection = None
    for _ in range(200):  # the server sees the end of the connection a moment later
        if not desk.Tag.objects.using("default").filter(word="lost").exists():
            break
        time.sleep(0.02)
    desk.Tag.objects.using("default").create(word="kept").delete()


def test_django_counts_in_its_own_process_what_it_sends(both):
    desk = newsdesk()
    with CaptureQueriesContext(connections["far"]) as sent:
        list(desk.Article.objects.using("far").filter(pk=1))
    assert len(sent) == 1 and "WHERE" in sent[0]["sql"]


def test_server_counts_each_query_once(both):
    desk = newsdesk()
    list(desk.Tag.objects.using("far"))  # the connection is open
    handle = queries.begin()
    list(desk.Article.objects.using("far").select_related("author"))
    list(desk.Tag.objects.using("far"))
    here = threading.current_thread().name  # Django's own count of this process is not meant
    assert len([one for one in queries.finish(handle) if one["thread"] != here]) == 2


def test_endless_query_ends(both, monkeypatch):
    monkeypatch.setattr(serving, "QUERY_S", 0.2)
    with pytest.raises(OperationalError, match="interrupted"):
        cursor("far", f"{ENDLESS} SELECT count(*) FROM n", None)
    assert cursor("far", "SELECT 1", None) == [(1,)]


def test_rows_without_end_are_refused(both, monkeypatch):
    monkeypatch.setattr(serving, "LARGEST", 10_000)
    with pytest.raises(OverflowError, match="rows are more than"):
        cursor("far", f"{ENDLESS} SELECT 'a long one', x FROM n", None)


@pytest.mark.parametrize(
    "sent",
    [
        b"GET / HTTP/1.1\r\n\r\n",
        b"\xff\xff\xff\xff",
        frames.pack({"do": "execute", "sql": 5}),
        frames.pack({"do": "level", "level": "; DROP TABLE newsdesk_tag"}),
        frames.pack({"do": "execute", "sql": "SELECT ?", "params": "nothing"}),
        frames.pack({"do": "execute", "sql": "SELECT %s", "params": [{"bytes": 5}]}),
        frames.pack({"do": "execute", "sql": "SELECT 1", "many": {"x": 1}}),
        frames.pack({}) + b"\x00",
        b"",
    ],
)
def test_garbage_hurts_nobody_else(both, port, sent):
    with socket.create_connection(("127.0.0.1", port)) as stranger:
        stranger.sendall(sent)
        stranger.shutdown(socket.SHUT_WR)
        with suppress(ConnectionResetError):
            while stranger.recv(65536):
                pass
    assert cursor("far", "SELECT 1", None) == [(1,)]


def test_server_that_is_gone_is_an_error_of_the_database(both):
    with bound_socket() as nobody:
        connections["far"].settings_dict["PORT"] = str(nobody.getsockname()[1])
        with pytest.raises(OperationalError, match="unable to open database"):
            cursor("far", "SELECT 1", None)


OCCUPIED = {
    "a lock that is kept": "cursor.execute('BEGIN IMMEDIATE')",
    "a pattern without end": "cursor.execute('SELECT %s REGEXP %s', ['a' * 60 + '!', '(a+)+$'])",
}


@pytest.mark.parametrize("name", OCCUPIED)
def test_database_that_does_not_answer_is_ended_and_made_anew(zygote, monkeypatch, name):
    monkeypatch.setattr(peers, "CALL_S", 2.0)
    setup = Cell("setup", 1, "from course_support import Site\nsite = Site()")
    source = (
        "import threading\nfrom django.db import connection\nready = threading.Event()\n"
        "def work():\n    with connection.cursor() as cursor:\n        ready.set()\n"
        f"        {OCCUPIED[name]}\n        threading.Event().wait()\n"
        "threading.Thread(target=work, daemon=True).start()\nready.wait()\n"
    )
    cells = {"occupy": source}
    target = RemoteTarget(zygote, Setup((setup,), (Cell("occupy", 2, ""),)), cells, Limits())

    async def ask():
        await target.ready()
        try:
            with pytest.raises(Ended, match="did not answer within 2 s"):
                for number in range(1000):  # the thread of the cell comes when it comes
                    await target.beside(rows.add, f"Place {number}", {}, [])
            target._sources.clear()
            await target.ready()
            return await target.beside(rows.words)
        finally:
            await target.aclose()

    assert asyncio.run(ask())


KEY = "ex06_async_orm"
RIGHT = "right"
HOSTILE = {
    # Counters and rows that say what the submission wants: in its process nobody asks them.
    "patched counters": (
        "query_for_each_article",
        "from course_support.live import queries, gates\n"
        "from course_support.live.newsdesk import rows\n"
        "queries.finish = lambda handle: [{'on_loop': False}]\n"
        "queries._note = lambda execute, *args: execute(*args)\n"
        "rows.articles = rows.active_authors = lambda: []\n",
        "Something is asked again for each row",
    ),
    # One who answers its own queries has none of the rows that the judge has written.
    "database of its own": (
        RIGHT,
        "from django.db import connections\n"
        "connections.databases['default']['ENGINE'] = 'django.db.backends.sqlite3'\n"
        "connections.databases['default']['NAME'] = 'own.sqlite3'\n",
        "no such table",
    ),
    "tables dropped": (
        RIGHT,
        "from django.db import connection\n"
        "async def drop():\n"
        "    from asgiref.sync import sync_to_async\n"
        "    def work():\n"
        "        connection.cursor().execute('PRAGMA foreign_keys = OFF')\n"
        "        connection.cursor().execute('DROP TABLE newsdesk_article')\n"
        "    await sync_to_async(work)()\n"
        "await drop()\n",
        "0 of 6 checks",
    ),
    "queries of many mebibytes": (
        RIGHT,
        "import socket\n"
        "from django.db import connection\n"
        "port = int(connection.settings_dict['PORT'])\n"
        "for _ in range(4):\n"
        "    one = socket.create_connection(('127.0.0.1', port))\n"
        "    one.sendall((24 * 1024 * 1024).to_bytes(4, 'big'))\n"
        "    one.sendall(bytes(23 * 1024 * 1024))\n",
        "checks passed",
    ),
}


@pytest.fixture(scope="module")
def judged_outside():
    attempts = ROOT / "tests" / "attempts" / KEY

    async def judge_all():
        async with Grader(jobs=4, unsafe=True) as grader:
            cell = setup_of(find(KEY)).answers[0].id
            work = {}
            for name, (base, patch, _) in HOSTILE.items():
                source = answer() if base == RIGHT else (attempts / f"{base}.py").read_text("utf-8")
                work[name] = grader.judge(KEY, {cell: patch + source})
            work[RIGHT] = grader.judge(KEY, {cell: answer()})
            return dict(zip(work, await asyncio.gather(*work.values()), strict=True))

    return asyncio.run(judge_all())


def answer():
    from course_support.grading.answers import reference

    return next(iter(reference(find(KEY)).values()))


@pytest.mark.parametrize("name", HOSTILE)
def test_submission_cannot_lie_about_its_database(judged_outside, name):
    report = judged_outside[name]
    assert HOSTILE[name][2] in report.text()
    assert judged_outside[RIGHT].outcome is Outcome.CORRECT
