# %% [markdown]
# # The ORM, properly
#
# **You will be able to** say of any line whether it asks the database; read rows, count them, fetch one or answer 404
# in an async view; find the query that hides behind a dot; and hand rows on as JSON.
#
# **You need** an async view, and what `await` does to the loop ([lesson 1](01_first_async_view.ipynb)).
#
# **It takes** 17 minutes for the first two ways in, and 93 for all ten. They build on each other from
# top to bottom, and each can be read alone: run the cells up to *Why*, then jump.
#
# | way in | minutes | what you do there |
# | --- | --- | --- |
# | [Why](<#Why-(7-min)>) | 7 | two pages made async: one gains, one does not |
# | [Learn](<#Learn-(10-min)>) | 10 | the letter a, twenty lines, one row or 404, rows as JSON |
# | [Visualize](<#Visualize-(4-min)>) | 4 | watch queries queue, and in whose thread |
# | [Deep](<#Deep-(11-min)>) | 11 | where the guard stands, what a queryset keeps, which dot asks |
# | [Try](<#Try-(5-min)>) | 5 | fill the blanks |
# | [Challenge](<#Challenge-(12-min)>) | 12 | a tutorial from the web |
# | [Project](<#Project-(21-min)>) | 21 | three pages from the newsroom's tables |
# | [Recall](<#Recall-(6-min)>) | 6 | ten cards |
# | [Cost](<#Cost-(6-min)>) | 6 | queries when rows double, and the price of an await |
# | [Test](<#Test-(11-min)>) | 11 | ten questions, and a verdict for each objective |

# %%
import asyncio
import time

import django
import httpx
from asgiref.sync import sync_to_async
from django.db.backends.signals import connection_created
from django.db.models import Count, FloatField, Func, Value
from django.http import JsonResponse
from django.urls import path

from course_support import Site, Timeline, check, count_queries, lesson, newswire, quiz

site = Site()

from course_support.live.newsdesk.models import Article, Author, Source, Tag

print("Django", django.get_version(), "and", await Article.objects.acount(), "articles")

# %%
lesson("06_async_orm")

# %% [markdown]
# The newsroom has tables: an `Article` has a `source`, an `author` or none, and `tags`. Everything below reads them, and
# this helper runs one view as a page.


# %%
async def page(view, **options):
    site.urlpatterns = [path("page/", view)]
    return await site.get("/page/", **options)


# %% [markdown]
# ## Why (7 min)
#
# An archive keeper is asked for three folders. She goes down for one, comes back, goes down for the next. "Be async",
# says a poster on the wall. She writes the word on her badge. What has changed?
#
# The first thing most people try is one word before the line that takes time.

# %%
quiz("06_async_orm", "await_before_get")


# %%
async def one_article(request):
    article = await Article.objects.get(id=1)
    return JsonResponse({"headline": article.headline})


response = await page(one_article, raise_request_exception=False)
print(response.status_code, response.extensions["view_exception"])

# %% [markdown]
# `await` waits for something that can be waited for. It does not make a call wait in another way: `get` runs first, as
# it always did, and Django stops it before a query is sent. The remedy is another method, with an `a` in front.


# %%
async def one_article(request):
    article = await Article.objects.aget(id=1)
    return JsonResponse({"headline": article.headline})


response = await page(one_article)
print(response.status_code, response.json())

# %%
assert response.status_code == 200

# %% [markdown]
# Now both halves of the usual "before and after", with a clock. First a page that asks the newswire three times, and
# each time waits 0.3 s.

# %%
NAMES = ["harbour", "hill", "coast"]
URLS = [newswire.url(name, delay_s=0.3) for name in NAMES]


def wire_before(request):
    with httpx.Client(verify=False) as client:
        return JsonResponse({"sources": [client.get(url).json() for url in URLS]})


async def wire_after(request):
    async with httpx.AsyncClient(verify=False) as client:
        answers = await asyncio.gather(*(client.get(url) for url in URLS))
    return JsonResponse({"sources": [answer.json() for answer in answers]})


# %% [markdown]
# Then a page that asks the database three times. Our database is a small file and quick, so we teach it to think: SQLite
# lets a connection call a Python function, and `THINKS` is one that takes 0.3 s.


# %%
def teach(connection, **_):
    connection.connection.create_function("think", 1, time.sleep)


connection_created.connect(teach, dispatch_uid="lesson 6")
THINKS = Func(Value(0.3), function="think", output_field=FloatField())
slowly = Source.objects.annotate(thought=THINKS)


# %%
def database_before(request):
    return JsonResponse({"sources": [slowly.get(id=n).name for n in (1, 2, 3)]})


async def database_after(request):
    sources = await asyncio.gather(*(slowly.aget(id=n) for n in (1, 2, 3)))
    return JsonResponse({"sources": [source.name for source in sources]})


# %%
quiz("06_async_orm", "weakest_example")

# %%
peaks = []
await page(wire_after)  # a warm-up, not counted
for view in (wire_before, wire_after, database_before, database_after):
    start_s = time.perf_counter()
    with count_queries() as queries:
        await page(view)
    took_s = time.perf_counter() - start_s
    peaks.append(queries.peak or newswire.seen.since(start_s).peak)
    print(f"{view.__name__:16} {took_s:.2f} s, at most {peaks[-1]} under way at one time")

# %%
assert peaks == [1, 3, 1, 1]

# %% [markdown]
# The wire page gained what lesson 4 promised. The database page gained nothing: same `gather`, same `await`, and the
# three queries stood in a row. None of Django's database backends waits on the loop. An a-method hands its query
# to a thread, and all queries of one request go to *one* thread.
#
# So why learn this lesson? Because a view that waits for the wire is async, and it needs rows too. Then each of them has
# to be read without holding the loop, and that is what the a-methods are for.

# %% [markdown]
# ## Learn (10 min)
#
# ### The letter a
#
# Most of the ORM only writes a question down: `filter`, `order_by`, `values`, `annotate`, a slice. Nothing is asked, so
# there is nothing to wait for and no `a`. What asks has a twin: `get` and `aget`, `count` and `acount`, `first` and
# `afirst`, `create` and `acreate`, `save` and `asave`.

# %%
with count_queries() as queries:
    newest = Article.objects.filter(author__isnull=False).order_by("-published")[:3]
print("built:  ", queries)

with count_queries() as queries:
    headlines = [article.headline async for article in newest]
print("read:   ", queries)

with count_queries() as queries:
    number = await Article.objects.filter(author=None).acount()
print("counted:", queries)
headlines, number

# %%
assert (len(headlines), number) == (3, 2)

# %% [markdown]
# `count_queries` is the course's: it notes each query of this process while its block runs. The middle block is the line
# to keep. **Rows are read by `async for`**, most often in a comprehension.
#
# ### Twenty lines
#
# Each of these might stand in an async view. Some **r**eturn at once, some have to be **a**waited, some raise (**x**).
# Before you write anything: how many of the twenty raise?

# %%
guess = quiz("06_async_orm", "how_many_raise")
guess

# %% [markdown]
# Now line by line. Put `r`, `a` or `x` in place of the question mark. `article` is a row that was read before.

# %% id="grid-of-twenty" tags=["answer"]
GRID = """
?  Article.objects.all()
?  Article.objects.filter(votes=0)
?  Article.objects.order_by("headline")[:3]
?  Article.objects.order_by("headline")[3]
?  Article.objects.count()
?  Article.objects.acount()
?  Article.objects.aall()
?  Article.objects.avalues("id", "headline")
?  await Article.objects.filter(votes=0)
?  await Article.objects.filter(votes=0).afirst()
?  len(Article.objects.all())
?  [row async for row in Article.objects.all()]
?  list(row async for row in Article.objects.all())
?  sync_to_async(Article.objects.all)()
?  get_object_or_404(Article, id=1)
?  aget_object_or_404(Article, id=1)
?  article.author_id
?  article.author
?  article.tags.all()
?  article.tags.acount()
"""

# %%
import ast
from inspect import isawaitable

from django.shortcuts import aget_object_or_404, get_object_or_404


async def outcome(line):
    code = compile(line, "grid", "eval", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    try:
        value = eval(code)
        waits = isawaitable(value)
        value = await value if waits else value
        return "a" if waits else "r", type(value).__name__
    except Exception as error:
        return "x", type(error).__name__


# %%
right, came = 0, []
article = await Article.objects.aget(id=1)
print("you was queries line")
for entry in GRID.strip().splitlines():
    with count_queries() as queries:
        mark, what = await outcome(entry[3:])
    came.append(mark)
    right += entry[0] == mark
    print(f" {entry[0]}   {mark}     {len(queries)}    {entry[3:]:48} {what}")
print(f"{right} of {len(came)} as you said")

# %%
assert [came.count(mark) for mark in "rax"] == [5, 6, 9]
guess.measured(came.count("x"))

# %% [markdown]
# Read down the column of queries: no line that raises has sent one. Then look at what raised.
#
# - **`aall` and `avalues` do not exist.** `all` and `values` ask nothing, so they have no twin. A third-party package adds
#   `aall` to managers; a tutorial that uses it was written with that package, or never run.
# - **A queryset cannot be awaited.** It is a question, not a wait.
# - **`len`, an index and `list` read by a plain loop**, and so does `bool`, and the `repr` at the end of a cell. Over a
#   queryset that is refused; an `async for` in round brackets cannot be read by a plain loop at all.
# - **`sync_to_async(Article.objects.all)()`** is awaited and sends nothing: what comes back is the question again.
# - **`article.author` is a query.** `article.author_id` is a number that the row already has.
#
# ### One row, or 404
#
# `aget` raises where nothing is found, and an exception is a 500. `aget_object_or_404` makes the 404 of it; it takes a
# model or a queryset.


# %%
async def one(request, article_id):
    rows = Article.objects.select_related("source")
    article = await aget_object_or_404(rows, id=article_id)
    return JsonResponse({"headline": article.headline, "source": article.source.name})


site.urlpatterns = [path("articles/<int:article_id>/", one)]
found, missed = await site.get("/articles/1/"), await site.get("/articles/999999/")
print(found.status_code, found.json(), "and", missed.status_code)

# %%
assert (found.status_code, missed.status_code) == (200, 404)

# %% [markdown]
# ### Rows as JSON
#
# A model instance has no form in JSON, and a queryset even less. Either say what is shown, row by row, or let the query
# give plain values: `values("id", "headline")` makes a dict of each row.

# %%
quiz("06_async_orm", "values_to_json")


# %%
async def as_json(request):
    rows = [row async for row in Article.objects.values("id", "headline")[:2]]
    return JsonResponse({"articles": rows})


(await page(as_json)).json()

# %% [markdown]
# ## Visualize (4 min)
#
# Two readers come at the same moment, A and B. Each page gathers two queries, and each query thinks for 0.2 s. `thinks`
# marks the moment when a query begins in the database and the moment when it is done. In which order?

# %%
quiz("06_async_orm", "two_readers_two_queries")

# %%
timeline = Timeline()


def thinks(name):
    timeline.mark(name[0], f"query {name[1]} begins")
    time.sleep(0.2)
    timeline.mark(name[0], f"query {name[1]} is done", waiting=True)


def teach_names(connection, **_):
    connection.connection.create_function("thinks", 1, thinks)


connection_created.connect(teach_names, dispatch_uid="lesson 6, names")


# %%
async def ask(name):
    thought = Func(Value(name), function="thinks", output_field=FloatField())
    return await Source.objects.annotate(thought=thought).aget(id=1)


async def two_queries(request, reader):
    await asyncio.gather(ask(f"{reader}1"), ask(f"{reader}2"))
    return JsonResponse({})


site.urlpatterns = [path("<reader>/", two_queries)]
timeline.clear()
with count_queries() as queries:
    await asyncio.gather(site.get("/A/"), site.get("/B/"))
print(queries)
timeline

# %%
order = timeline.order()
for reader in "AB":
    done, begins = f"{reader} query 1 is done", f"{reader} query 2 begins"
    assert order.index(done) < order.index(begins)
assert timeline.overlap_s("A", "B") > 0
assert (len(queries), len(queries.threads)) == (4, 2)
assert not any(query.on_loop for query in queries)

# %% [markdown]
# Two rules in one picture. **Within a request, queries stand in a row**: one thread, one connection, one query at a time,
# whatever `gather` says. **Between requests they overlap**: each has a thread of its own. The names of the threads
# stand beside the lanes, and none of them is the loop's.

# %% [markdown]
# ## Deep (11 min)
#
# A mental model in three sentences. A queryset is a question on paper; reading it sends it off and keeps the answer with
# it. An a-method is the plain method, carried to the request's thread. And the guard is a doorman: he does not look at
# what you want, only whether a loop is running where you stand.
#
# One experiment for each.
#
# ### The paper keeps the answer

# %%
quiz("06_async_orm", "queryset_beside_the_view")

# %%
everything = Article.objects.all()  # beside the view, made once


async def kept(request):
    return JsonResponse({"count": len([row async for row in everything])})


numbers = [(await page(kept)).json()["count"]]
extra = await Article.objects.acreate(
    headline="Kites over the pier", source_id=1, published="2026-02-01T09:00:00+00:00"
)
numbers.append((await page(kept)).json()["count"])
await extra.adelete()
print("before and after one more article:", numbers)
print("and a plain len() of what was read:", len(everything))

# %%
assert numbers[0] == numbers[1]

# %% [markdown]
# The second reader got the first one's answer. A queryset that has been read keeps its rows, for as long as it lives; and
# what is made beside a view lives as long as the process. Build it in the view. The same memory has a good side: after
# one `async for`, `len` and a plain `for` over *that* queryset ask nothing, and nobody refuses them.
#
# ### The plain method, carried to a thread

# %%
import inspect

from django.db.models import QuerySet

print(inspect.getsource(QuerySet.acount))

# %% [markdown]
# That is all of it, in the version that you run: `count`, handed to `sync_to_async`. It also says what an a-method cannot
# do. It frees the *loop*; it does not make the database answer two queries of one request at a time, and when the reader
# leaves, a query that is under way runs to its end.
#
# ### The doorman looks at where you stand

# %%
quiz("06_async_orm", "guard_before_the_query")

# %%
from django.core.exceptions import SynchronousOnlyOperation

with count_queries() as queries:
    try:
        Article.objects.count()
    except SynchronousOnlyOperation as error:
        refused = str(error)
    number = await sync_to_async(Article.objects.count)()
print(refused)
print("in a thread:", number, "and", queries)

# %%
assert len(queries) == 1

# %% [markdown]
# The same call, refused here and served in a thread. The doorman stands at the connection's `cursor()`
# (`django/utils/asyncio.py`, `async_unsafe`), and asks one question: is a loop running in this thread? A variable of the
# environment sends him home, `DJANGO_ALLOW_ASYNC_UNSAFE`. Then the query runs, on the loop, and every reader waits for
# the database.
#
# ### A dot that asks

# %%
quiz("06_async_orm", "which_dot_asks")


# %%
async def told(rows):
    try:
        return [f"{row.headline[:16]} ({row.source.name})" async for row in rows]
    except SynchronousOnlyOperation as error:
        return type(error).__name__


print("all():             ", await told(Article.objects.all()[:2]))
print("select_related():  ", await told(Article.objects.select_related("source")[:2]))

# %%
async for article in Article.objects.prefetch_related("tags")[:2]:
    print(article.headline[:16], [tag.word for tag in article.tags.all()])

# %% [markdown]
# A key to *one* other row comes along by `select_related`: one query with a join. *Many* rows at the other end come by
# `prefetch_related`: one query more, however many articles there are. After it, `article.tags.all()` is read by a plain
# loop, for its rows are here already.
#
# In a plain view a forgotten `select_related` is slow and nobody notices. Here it raises, at the first row. Django 6.1 can
# be as strict in plain code: `fetch_mode(models.RAISE)`.

# %%
if django.VERSION >= (6, 1):
    from django.db import models

    def strict():
        try:
            return Article.objects.fetch_mode(models.RAISE).first().source
        except Exception as error:
            return f"{type(error).__name__}: {error}"

    print(await site.run_sync(strict))
else:
    print("Fetch modes came with Django 6.1; this is", django.get_version())

# %% [markdown]
# Pages of rows are alike: `Paginator` reads by a plain loop, and its twin `AsyncPaginator` came with 6.1 as well. A slice,
# `rows[20:40]`, does for both.
#
# One more place where a plain loop hides: a template. `render()` runs on the loop, and reads what it is given.

# %%
from django.http import HttpResponse
from django.template import engines

every = engines["django"].from_string("{% for tag in tags %}{{ tag.word }} {% endfor %}")


async def lazy(request):
    return HttpResponse(every.render({"tags": Tag.objects.all()}))


async def read_first(request):
    tags = [tag async for tag in Tag.objects.all()]
    return HttpResponse(every.render({"tags": tags}))


for view in (lazy, read_first):
    response = await page(view, raise_request_exception=False)
    print(
        f"{view.__name__:11} {response.status_code}",
        response.text if response.status_code == 200 else "refused",
    )

# %% [markdown]
# Read first, then render. A list of rows has nothing left to ask.

# %% [markdown]
# ## Try (5 min)
#
# Drag an option to its blank; or click a blank, then an option; or use the keyboard: Tab to a blank, then the
# number of the option. Three attempts each, and hints if you ask for them.

# %%
tried = quiz("06_async_orm", "try")
tried

# %% [markdown]
# And now run it, with whatever you put into the blanks when you last pressed *Check*. Right or wrong, see what
# Python says.

# %%
await tried.run()

# %% [markdown]
# ## Challenge (12 min)
#
# A tutorial from the web, "The async ORM in three views". It reads well, and it was never run on Django.
#
# | page | symptom |
# | --- | --- |
# | `/tags/` | 500. The log says: 'Manager' object has no attribute 'aall'. |
# | `/names/` | 500. The log says: 'Manager' object has no attribute 'afilter'. |
# | `/latest/` | 500. The log says: object QuerySet can't be used in 'await' expression. When that was mended: another 500. |
#
# Each page should do what it says. Change the views below, run the cell, then run the check.


# %% id="fix06-web-tutorial" tags=["answer"]
async def tags(request):
    tags = await Tag.objects.aall()
    return JsonResponse({"tags": [tag.word for tag in tags]})


async def names(request):
    authors = await Author.objects.afilter(is_active=True)
    return JsonResponse({"names": [author.name for author in authors]})


async def latest(request):
    articles = await Article.objects.order_by("-published")[:3]
    found = [{"headline": row.headline, "source": row.source.name} for row in articles]
    return JsonResponse({"latest": found})


site.urlpatterns = [path("tags/", tags), path("names/", names), path("latest/", latest)]

# %%
await check("fix06_web_tutorial", site)

# %% [markdown]
# Stuck? `from course_support import hint`, then `hint("fix06_web_tutorial")` gives one hint at a time.

# %% [markdown]
# ## Project (21 min)
#
# Newsdesk gets its archive: every article, one article or 404, and the authors who are active, each with the number of
# their articles.
#
# The check writes rows that nobody could know, asks the pages, and takes its rows away again. It counts the queries
# while it doubles the rows: a page whose queries grow with its rows is quick today and slow next year.
#
# Open [exercise 6](../exercises/ex06_async_orm.ipynb). It takes about twenty minutes.

# %% [markdown]
# ## Recall (6 min)
#
# Ten cards. Say the answer to yourself, turn the card, then say how it went, by its buttons or the keys 1 to 4. A card
# that you missed is due tomorrow, one that you knew in a few days, and later each time; the next lessons open with those
# that are due. A question that you did not solve makes the cards of its objective due at once. On another day this cell
# asks only for what is due by then.

# %%
quiz.due("06_async_orm")

# %% [markdown]
# ## Cost (6 min)
#
# Two prices. The first is paid in queries. This page lists each author with the number of their articles. Note your
# guess; the run measures it.

# %%
guess = quiz("06_async_orm", "queries_of_a_loop")
guess


# %%
async def one_by_one():
    rows = Author.objects.all()
    return [(author.name, await author.articles.acount()) async for author in rows]


async def counted():
    rows = Author.objects.annotate(number=Count("articles"))
    return [(author.name, author.number) async for author in rows]


async def queries_of(work):
    with count_queries() as queries:
        await work()
    return len(queries)


# %%
table = [(await queries_of(one_by_one), await queries_of(counted))]
more = await Author.objects.abulk_create([Author(name=f"Guest {n}") for n in range(4)])
table.append((await queries_of(one_by_one), await queries_of(counted)))
await Author.objects.filter(id__in=[author.id for author in more]).adelete()
for authors, (loop, annotated) in zip((4, 8), table, strict=True):
    print(f"{authors} authors: {loop} queries one by one, {annotated} with annotate")

# %%
assert table == [(5, 1), (9, 1)]
guess.measured(table[1][0])

# %% [markdown]
# One query for the authors, and one more for each. Every line of it is correct async code, no error says anything, and
# each of those awaits crosses to the thread and back.
#
# That crossing is the second price. The same hundred small queries, three ways: by plain calls in a thread, by a hundred
# awaits, and by one crossing that makes a hundred plain calls. `process_time` is what this process computes, in all its
# threads; other programs do not count.

# %%
IDS = [1 + number % 12 for number in range(100)]


def plain():
    return [Article.objects.get(id=number).votes for number in IDS]


async def awaits():
    return [(await Article.objects.aget(id=number)).votes for number in IDS]


async def one_crossing():
    return await sync_to_async(plain)()


# %%
async def computing_ms(work):
    start_s = time.process_time()
    await work()
    return 1000 * (time.process_time() - start_s)


cost_ms = {}
for name, work in [
    ("plain", lambda: site.run_sync(plain)),
    ("awaits", awaits),
    ("one crossing", one_crossing),
]:
    cost_ms[name] = min([await computing_ms(work) for _ in range(5)])
    print(f"{name:12} {cost_ms[name]:5.1f} ms for 100 queries")

# %%
assert cost_ms["awaits"] > cost_ms["one crossing"]

# %% [markdown]
# An a-method costs a crossing, and on small queries that is a good part of the bill. It buys one thing: the loop
# is free meanwhile. A page that only reads the database has no use for that, since a plain `def` view runs in a thread
# anyway. **Keep such a page plain.** Where a view waits for the wire too, await few queries that bring much. How crossings
# work is lesson 7.

# %% [markdown]
# ## Test (11 min)
#
# Ten questions over all of this: four easy, three medium, three hard, drawn from the bank. One answer each and no
# hints; the reasons come after the answer, and at the end a verdict for each objective, with links to what to read
# again. Stop when you like: the test goes on where you left it. You need not have done the rest to start here.

# %%
quiz.test("06_async_orm")

# %% [markdown]
# Harder: `quiz.challenge("06_async_orm")` asks five, none of them easy. Its timer is off until you start it.

# %% [markdown]
# ## What you have now
#
# A rule for every line: what builds a question has no `a`, what asks has one, and rows come by `async for`. A dot that asks
# is brought along beforehand. And a measured reason to keep a page plain that does nothing but read the database.
#
# What you do not have yet is your own way across. The next lesson, *Crossing the bridge*, takes `sync_to_async` apart.
