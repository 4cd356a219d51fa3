# %% [markdown]
# # Who is waiting for whom?
#
# **You will be able to** say what a worker, a pool of threads and an event loop do while a view waits, predict
# how long many readers take on each of them, and name what async does not change.
#
# **You need** [A view that waits](01_first_async_view.ipynb), or an async view that you have written before.
#
# **It takes** 16 minutes for the first two ways in, and 92 for all ten. They build on each other from
# top to bottom, and each can be read alone: run the cells up to *Why*, then jump.
#
# | way in | minutes | what you do there |
# | --- | --- | --- |
# | [Why](<#Why-(8-min)>) | 8 | twelve readers, three servers, three predictions |
# | [Learn](<#Learn-(8-min)>) | 8 | see which thread runs your view, and change a view for real |
# | [Visualize](<#Visualize-(5-min)>) | 5 | watch four readers stand in line for two threads |
# | [Deep](<#Deep-(10-min)>) | 10 | three surprises, each with its experiment |
# | [Try](<#Try-(4-min)>) | 4 | fill the blanks |
# | [Challenge](<#Challenge-(13-min)>) | 13 | two queues that nobody ordered, and one that is missing |
# | [Project](<#Project-(16-min)>) | 16 | choose a server for each page of your news site |
# | [Recall](<#Recall-(6-min)>) | 6 | ten cards |
# | [Cost](<#Cost-(10-min)>) | 10 | the table of set-ups, and which server to take |
# | [Test](<#Test-(12-min)>) | 12 | ten questions, and a verdict for each objective |

# %%
import asyncio
import ssl
import threading
import time
from collections import Counter

import httpx
from django.http import HttpResponse, JsonResponse
from django.urls import path

from course_support import Site, Timeline, check, compare, lesson, load_test, newswire, quiz

site = Site()
WAIT_S = 0.3  # so long the wire takes for an answer
tls = ssl.create_default_context()  # made once: it takes longer than a call to the wire

# %%
lesson("02_wsgi_asgi_measured")

# %% [markdown]
# Two views that do the same: they wait, then answer. And a function that puts a view behind a real server on this
# machine, sends it readers who all come at the same moment, and times each of them.


# %%
def plain(request):
    time.sleep(WAIT_S)
    return HttpResponse("three stories")


async def awaiting(request):
    await asyncio.sleep(WAIT_S)
    return HttpResponse("three stories")


async def visited(view, kind, readers, label, threads=None):
    site.urlpatterns = [path("front/", view)]
    async with site.serve(kind, threads=threads) as server:
        return await load_test(server, "/front/", requests=readers, label=label, warm_up=0)


# %% [markdown]
# ## Why (8 min)
#
# Election night. The front page of Newsdesk asks the wire for the latest count, and the wire takes 0.3
# seconds. Twelve readers open the page at the same moment.
#
# How long the twelfth reader waits depends on the house:
#
# - **One worker.** One clerk with one telephone. While the wire thinks, the clerk stands there with the receiver at
#   the ear. Doing nothing, and not free either.
# - **A pool of threads.** Four clerks, four telephones. Four readers are being looked after. The fifth is not
#   waiting for the wire: the wire has not even heard of this reader. The fifth waits for a *clerk*.
# - **An event loop.** One clerk at a switchboard, who places a call, plugs it in, and turns to the next reader. A
#   call that is answered lights a lamp.
#
# So there are two kinds of waiting in this house. The view waits for the wire, and nothing you do here makes the
# wire think faster. A reader waits for somebody to take the request, and that wait is home-made.
#
# Predict three numbers: how many times 0.3 seconds, one wait for the wire, until the *last* of the twelve has the page?

# %%
guesses = quiz("02_wsgi_asgi_measured", "why")
guesses

# %% [markdown]
# Waitress is a WSGI server with a pool of threads; its pool can be as small as one. Uvicorn is an ASGI server: one
# event loop in one thread. Both run here, in threads of this kernel, and listen on a port of their own.

# %%
one = await visited(plain, "wsgi", 12, "one worker", threads=1)
pool = await visited(plain, "wsgi", 12, "pool of 4 threads", threads=4)
loop = await visited(awaiting, "asgi", 12, "event loop")
print(compare(one, pool, loop, ideal_s=WAIT_S).table())

# %%
assert one.wall_s > 2 * pool.wall_s
assert pool.wall_s > 1.5 * loop.wall_s

# %% [markdown]
# And your guesses beside what was measured:

# %%
rows = {"one_worker": one, "pool_of_four": pool, "event_loop": loop}
said = {row.label: guesses.measured(key, row.wall_s / WAIT_S).guess for key, row in rows.items()}
compare(one, pool, loop, ideal_s=WAIT_S, guesses=said)

# %% [markdown]
# One worker: twelve waits in a row. Four threads: three rows of four. The event loop: one wait, twelve readers
# deep, and a little on top for the work of twelve requests. The hatched part of a bar is waiting that the wire has
# no part in.
#
# ### Two cases in which it fails
#
# The last row changed two things at once, the server and the view. What if you only add `async` to the view, and
# leave it behind the pool of four?

# %%
async_in_a_pool = quiz("02_wsgi_asgi_measured", "async_view_in_the_pool")
async_in_a_pool

# %%
async_pool = await visited(awaiting, "wsgi", 12, "pool of 4 threads, async view", threads=4)
async_in_a_pool.measured(async_pool.wall_s / WAIT_S)

# %%
assert async_pool.wall_s > 1.5 * loop.wall_s

# %% [markdown]
# Nothing gained. A worker of a WSGI server that runs an async view starts a loop for this one request and stays with
# it until the end. The view gives way, and there is nobody to give way to.
#
# And the other case: a reader who is alone.

# %%
alone_pool = await visited(plain, "wsgi", 1, "pool of 4 threads, 1 reader", threads=4)
alone_loop = await visited(awaiting, "asgi", 1, "event loop, 1 reader")
compare(alone_pool, alone_loop, ideal_s=WAIT_S)

# %%
assert min(alone_pool.wall_s, alone_loop.wall_s) > 0.95 * WAIT_S

# %% [markdown]
# One reader with one wait has nothing that could overlap. **Overlapping serves more readers in the same time. It
# does not serve one of them sooner.**

# %% [markdown]
# ## Learn (8 min)
#
# ### Who runs your view?
#
# - A **worker** is whatever takes one request and stays with it until the response. In waitress it is a thread.
# - A **thread** can wait without stopping other threads. It holds one request at a time, waiting or not.
# - An **event loop** is one thread that runs many requests in turns; it changes over at an `await` that waits.
#
# Each thread has a name, so a view can say who runs it. Eight readers ask two views on two servers. How many names
# will there be?

# %%
quiz("02_wsgi_asgi_measured", "threads_of_a_plain_view")


# %%
def who_plain(request):
    time.sleep(WAIT_S)
    return HttpResponse(threading.current_thread().name)


async def who_awaiting(request):
    await asyncio.sleep(WAIT_S)
    return HttpResponse(threading.current_thread().name)


async def names(kind, address, threads=None):
    site.urlpatterns = [path("plain/", who_plain), path("awaiting/", who_awaiting)]
    async with site.serve(kind, threads=threads) as server, httpx.AsyncClient() as client:
        asked = (client.get(server.url + address) for _ in range(8))
        return Counter(answer.text for answer in await asyncio.gather(*asked))


# %%
in_the_pool = await names("wsgi", "/plain/", threads=4)
plain_on_asgi = await names("asgi", "/plain/")
async_on_asgi = await names("asgi", "/awaiting/")
for label, seen in (
    ("pool of 4, plain view", in_the_pool),
    ("event loop, plain view", plain_on_asgi),
    ("event loop, async view", async_on_asgi),
):
    print(
        f"{label:24} {len(seen)} threads: {', '.join(sorted(seen)[:4])}{' ...' * (len(seen) > 4)}"
    )

# %%
assert len(in_the_pool) == 4
assert len(plain_on_asgi) == 8
assert len(async_on_asgi) == 1

# %% [markdown]
# Four clerks took two readers each. The async view ran for all eight in one thread, the loop's. And the plain view
# on the ASGI server had **a thread for each request**: Django takes care that a plain view does not hold up its
# loop. So plain views wait side by side there too. Remember that for the table in [Cost](<#Cost-(10-min)>).
#
# ### Before and after
#
# A real wait now, over the network. This is how the front page has always asked the wire:


# %%
def front_before(request):
    answer = httpx.get(newswire.url("slow"), verify=tls)
    return JsonResponse(answer.json())


# %% [markdown]
# A first attempt to make it async: `async` here, `await` there, and the rest as it was.


# %%
async def front_awaits_too_much(request):
    answer = await httpx.get(newswire.url("quick"), verify=tls)
    return JsonResponse(answer.json())


site.urlpatterns = [path("front/", front_awaits_too_much)]
response = await site.get("/front/", raise_request_exception=False)
print(response.status_code, response.extensions["view_exception"])

# %%
assert response.status_code == 500
assert "can't be used in 'await' expression" in str(response.extensions["view_exception"])

# %% [markdown]
# `httpx.get` has waited already, on the loop, with everybody else standing still, and gives a finished response.
# An `await` before a function that is not async repairs nothing. It needs **another call**, one that is made to be
# awaited:


# %%
async def front_after(request):
    async with httpx.AsyncClient(verify=tls) as client:
        answer = await client.get(newswire.url("slow"))
    return JsonResponse(answer.json())


# %% [markdown]
# Ask both, each on its server. This time the wire counts: how many calls were there at the same moment?


# %%
async def most_at_the_wire(view, kind, label, threads=None):
    start = time.perf_counter()
    with newswire.answers("slow", {"headlines": ["Ferry runs again"]}, delay_s=2 * WAIT_S):
        result = await visited(view, kind, 8, label, threads)
    return newswire.seen.since(start).peak, result


before_peak, before = await most_at_the_wire(front_before, "wsgi", "before, pool of 4", threads=4)
after_peak, after = await most_at_the_wire(front_after, "asgi", "after, event loop")
print(f"before: {before_peak} calls at the wire, last answer after {before.wall_s:.2f} s")
print(f"after:  {after_peak} calls at the wire, last answer after {after.wall_s:.2f} s")

# %%
assert before_peak <= 4 < after_peak
assert before.wall_s > 1.1 * after.wall_s

# %% [markdown]
# Same wire, same eight readers. Before, four of them waited for a thread before the wire heard of them.
#
# A word on databases, since most examples of async begin with one. `await Article.objects.acount()` is right to
# write, but it is the weakest reason to change: Django's database drivers wait in a thread, whichever way you
# spell the query. Lesson 6 measures that. A call over the network is where the wait really leaves your threads.

# %% [markdown]
# ## Visualize (5 min)
#
# Four readers, a pool of two threads. Each reader marks the moment of asking; the view marks when it has a thread,
# and when it returns. When does the third reader get a thread?

# %%
quiz("02_wsgi_asgi_measured", "third_reader")

# %%
timeline = Timeline()


def page(request, who):
    timeline.mark(who, "has a thread")
    time.sleep(WAIT_S)
    timeline.mark(who, "returns")
    return HttpResponse(who)


async def ask(client, url, who):
    timeline.mark(who, "asks", waiting=True)
    await client.get(f"{url}/page/{who}/")


async def four_readers(kind, threads=None):
    timeline.clear()
    async with site.serve(kind, threads=threads) as server, httpx.AsyncClient() as client:
        await asyncio.gather(*(ask(client, server.url, who) for who in "ABCD"))
    return [mark.split(maxsplit=1)[1] for mark in timeline.order()]


# %%
site.urlpatterns = [path("page/<who>/", page)]
queued = await four_readers("wsgi", threads=2)
print(", ".join(timeline.order()))
timeline

# %%
first_return = queued.index("returns")
assert queued[:first_return].count("has a thread") <= 2

# %% [markdown]
# Look at the third and the fourth lane. Their first bar is as long as a whole answer of the wire, and in all that
# time nobody has asked the wire for them. **They wait for another reader, not for the wire.**
#
# The same four readers, and an async view on an event loop:


# %%
async def page_awaiting(request, who):
    timeline.mark(who, "starts")
    timeline.mark(who, "awaits the wire", waiting=True)
    await asyncio.sleep(WAIT_S)
    timeline.mark(who, "returns")
    return HttpResponse(who)


site.urlpatterns = [path("page/<who>/", page_awaiting)]
woven = await four_readers("asgi")
timeline

# %%
assert woven[: woven.index("returns")].count("starts") == 4

# %% [markdown]
# All four start before the first one returns, in the one thread of the loop: see the table under the picture.
#
# And this is what twelve readers at a pool of four look like from outside, as a load test draws them. Each line is
# a reader, from the first byte sent to the last byte received.

# %%
stairs = await visited(plain, "wsgi", 12, "12 readers, pool of 4 threads", threads=4)
stairs

# %%
assert stairs.latencies_s and max(stairs.latencies_s) > 2 * min(stairs.latencies_s)

# %% [markdown]
# Three steps, four readers each. All of them came at the same time. If you ever see stairs like these in your own
# measurements, count the width of a step: it is the number of workers that you have.

# %% [markdown]
# ## Deep (10 min)
#
# A mental model in three sentences. A request holds its worker from start to end; how many workers there are
# decides how many requests can wait together. An ASGI server has no number of workers, because Django makes one
# place for each request. What an `await` frees is the loop, and not whatever else the request holds.
#
# The third sentence is the one that most people leave out. One experiment for each.
#
# ### A worker is held, also by an async view
#
# On WSGI an async view gets an event loop of its own. Keep the loops, and look at them afterwards.

# %%
loops = []


async def remember_loop(request):
    loops.append(asyncio.get_running_loop())
    await asyncio.sleep(0.1)
    return HttpResponse(threading.current_thread().name)


loops.clear()
loaded = await visited(remember_loop, "wsgi", 5, "5 readers, pool of 2 threads", threads=2)
different = len({id(loop) for loop in loops})
closed = sum(loop.is_closed() for loop in loops)
print(f"{len(loops)} requests, {different} loops, {closed} of them closed")

# %%
assert different == closed == len(loops) == 5

# %% [markdown]
# A loop for each request, thrown away with it. Whatever belongs to a loop, a shared `httpx.AsyncClient` or a task in
# the background, does not live longer than that on WSGI.
#
# Is async on WSGI good for nothing, then? Not quite. One reader, one worker, three waits in one view:

# %%
three_waits = quiz("02_wsgi_asgi_measured", "gather_on_wsgi")
three_waits


# %%
async def three_sources(request):
    await asyncio.gather(*(asyncio.sleep(WAIT_S) for _ in range(3)))
    return HttpResponse("nine stories")


gathered = await visited(three_sources, "wsgi", 1, "1 reader, 1 worker, three waits", threads=1)
three_waits.measured(gathered.wall_s / WAIT_S)

# %%
assert gathered.wall_s < 2 * WAIT_S

# %% [markdown]
# Inside the request the loop has three things to wait for, and overlaps them. This reader *was* served sooner, on one
# thread of WSGI. Lesson 4 makes much of that. What WSGI does not give you is overlap *between* requests.
#
# ### Django makes a place for each request
#
# Why did eight plain views have eight threads on ASGI? Here is the line, in the version that you run:

# %%
import inspect
from importlib.metadata import version

from django.core.handlers.asgi import ASGIHandler

print(", ".join(f"{name} {version(name)}" for name in ("Django", "uvicorn", "waitress")))
source = inspect.getsource(ASGIHandler.__call__).splitlines()
at = next(number for number, line in enumerate(source) if "ThreadSensitiveContext" in line)
print("\n".join(source[at - 1 : at + 2]))

# %% [markdown]
# A `ThreadSensitiveContext` has one thread for all plain code of its request. A context for each request means a
# thread for each request, as soon as anything plain is to be run. Nothing in Django limits how many.
#
# You will meet the opposite claim, that plain views queue up under ASGI. It is true of Django's test client, which
# opens no such context: when this lesson was written, twenty plain views at once took 20 times as long as one through
# that client, and 1.4 to 2.4 times through the handler that servers use. Measure concurrency through a server.
#
# ### An async view holds a thread too
#
# Twenty readers wait in an async view on uvicorn. How many threads does the process have at that moment, beyond
# those of the idle server? (They are named `ThreadPoolExecutor-...`, as you saw in [Learn](<#Learn-(8-min)>).)

# %%
held = quiz("02_wsgi_asgi_measured", "threads_held")
held

# %%
noted = []


def threads_of_requests():
    return {thread for thread in threading.enumerate() if thread.name.startswith("ThreadPool")}


async def noting(request):
    await asyncio.sleep(WAIT_S)
    noted.append(threads_of_requests())
    return HttpResponse("three stories")


async def threads_while_waiting(readers):
    noted.clear()
    before = threads_of_requests()
    await visited(noting, "asgi", readers, "counting threads")
    return len(noted[0] - before)  # the first to go on: the others still wait


# %%
as_it_comes = await threads_while_waiting(20)
held.measured(as_it_comes)

# %%
assert as_it_comes > 10

# %% [markdown]
# One for each reader, although no line of the view runs in any of them. What needs them?
#
# When a request starts, Django sends a signal, and two receivers of it are plain functions. They tidy up the
# database connections of the thread that they run in, so they are run in the request's own thread; that makes the
# thread, and it lives as long as the request. A claim like this can be tested: take the two away, and look.

# %%
from contextlib import contextmanager

from django.core.signals import request_started
from django.db import close_old_connections, reset_queries


@contextmanager
def receivers_disconnected():
    for receiver in (reset_queries, close_old_connections):
        request_started.disconnect(receiver)
    try:
        yield
    finally:
        for receiver in (reset_queries, close_old_connections):
            request_started.connect(receiver)


with receivers_disconnected():
    disconnected = await threads_while_waiting(20)
again = await threads_while_waiting(20)
print(f"as it comes {as_it_comes}, disconnected {disconnected}, connected again {again}")

# %%
assert disconnected < 3 < 10 < again

# %% [markdown]
# Disconnected, the threads are gone, and the twenty readers waited as before. Connected again, they are back. Do not
# do this to a site that uses a database: one of those two functions closes connections that have broken.
#
# So "async views need no threads" is true of asyncio, and was not true of Django on this machine. The waiting is
# done by the loop; the thread stands beside it, idle.

# %% [markdown]
# ## Try (4 min)
#
# Drag an option to its blank; or click a blank, then an option; or use the keyboard: Tab to a blank, then the
# number of the option. Three attempts each, and hints if you ask for them.

# %%
tried = quiz("02_wsgi_asgi_measured", "try")
tried

# %% [markdown]
# And now run it, with whatever you put into the blanks when you last pressed *Check*.

# %%
await tried.run()

# %% [markdown]
# ## Challenge (13 min)
#
# Newsdesk has moved to an ASGI server, "so there are no queues any more". Here is what came in this morning:
#
# | endpoint | symptom |
# | --- | --- |
# | `/story/` | Eight readers come together, and the wire sees two calls, then two more, and so on. |
# | `/front/` | Worse: the wire sees one call at a time. |
# | `/archive/` | No complaint from readers. The owner of the archive complains: twelve calls at once, and four are agreed. |
#
# The server is not to blame; it lets everybody in. One edit mends each. Change the code below, run the cell, then
# run the check.

# %% id="fix02-hidden-queues" tags=["answer"]
from concurrent.futures import ThreadPoolExecutor

desk = ThreadPoolExecutor(max_workers=2)
counting = threading.Lock()
agreed = asyncio.Semaphore(50)
pages = 0


def ask_wire():
    return httpx.get(newswire.url("slow")).json()


async def story(request):
    loop = asyncio.get_running_loop()
    return JsonResponse(await loop.run_in_executor(desk, ask_wire))


def front(request):
    global pages
    with counting:
        document = ask_wire()
        pages += 1
        page = pages
    return JsonResponse(document | {"page": page})


async def archive(request):
    async with agreed, httpx.AsyncClient() as client:
        answer = await client.get(newswire.url("slow"))
    return JsonResponse(answer.json())


site.urlpatterns = [path("story/", story), path("front/", front), path("archive/", archive)]

# %%
await check("fix02_hidden_queues", site)

# %% [markdown]
# Stuck? `from course_support import hint`, then `hint("fix02_hidden_queues")` gives one hint at a time.

# %% [markdown]
# ## Project (16 min)
#
# Newsdesk has three pages now: a front page with a rush of readers, an archive whose owner allows four calls at a
# time, and a live page where readers stay. You choose the server and the size of its pool for each, and predict what
# the wire will count. The check starts the servers that you chose and lets the wire count.
#
# Open [exercise 2](../exercises/ex02_choose_a_server.ipynb). It takes about a quarter of an hour.

# %% [markdown]
# ## Recall (6 min)
#
# Ten cards. Say the answer to yourself, turn the card, then say how it went, by its buttons or the keys 1 to 4. A card
# that you missed is due tomorrow, one that you knew in a few days, and later each time; the next lessons open with those
# that are due. A question that you did not solve makes the cards of its objective due at once. On another day this cell
# asks only for what is due by then.

# %%
quiz.due("02_wsgi_asgi_measured")

# %% [markdown]
# ## Cost (10 min)
#
# ### The table of set-ups
#
# Twenty readers at the same moment, one wait each. The ideal is one wait for all. Five set-ups, so that server, size
# of the pool and kind of view can be told apart.

# %%
cost_guesses = quiz("02_wsgi_asgi_measured", "cost")
cost_guesses

# %%
set_ups = [
    await visited(plain, "wsgi", 20, "waitress, 4 threads, plain view", threads=4),
    await visited(awaiting, "wsgi", 20, "waitress, 4 threads, async view", threads=4),
    await visited(plain, "wsgi", 20, "waitress, 20 threads, plain view", threads=20),
    await visited(plain, "asgi", 20, "uvicorn, plain view"),
    await visited(awaiting, "asgi", 20, "uvicorn, async view"),
]
print(compare(*set_ups, ideal_s=WAIT_S).table())

# %%
four, four_async, twenty, asgi_plain, asgi_async = set_ups
assert min(four.wall_s, four_async.wall_s) > 1.5 * max(
    twenty.wall_s, asgi_plain.wall_s, asgi_async.wall_s
)

# %%
rows = {"twenty_on_four": four, "plain_on_uvicorn": asgi_plain}
said = {
    row.label: cost_guesses.measured(key, row.wall_s / WAIT_S).guess for key, row in rows.items()
}
compare(*set_ups, ideal_s=WAIT_S, guesses=said)

# %% [markdown]
# Two groups. What tells them apart is not `async` and not ASGI: it is **whether there were twenty places for twenty
# readers**. Twenty threads on waitress are as good as an event loop here. Plain views on uvicorn are as good as async
# ones. And async views behind four threads are as slow as plain ones.
#
# ### What the places cost
#
# The column of extra threads counts those that were not there before the readers came. A pool is there all the time:

# %%
pools = [4, 4, 20, 0, 0]
for result, waiting_threads in zip(set_ups, pools, strict=True):
    print(
        f"{result.label:34} {waiting_threads:3} before, {result.extra_threads:3} more at the peak"
    )

# %%
assert min(asgi_plain.extra_threads, asgi_async.extra_threads) > 10 > twenty.extra_threads

# %% [markdown]
# Every set-up that served twenty readers at once had twenty threads for it. (The few more of the async view on waitress
# run the loops: one beside each worker.) Memory says the same. Measured with a
# thousand readers when this lesson was written, a waiting request took 36 to 41 KiB in a plain view on uvicorn,
# 33 to 38 KiB in an async one, and 9 to 13 KiB in an async one with the two receivers of
# [Deep](<#Deep-(10-min)>) disconnected. Async by itself does not save you the memory; a view that waits without
# Django's thread does.
#
# So what is the difference between twenty threads and an event loop? The number. Twenty is written in a
# configuration, and reader twenty-one stands in line. Nothing is written for the loop: when this lesson was
# written, two hundred readers took about 3 times the wait on uvicorn, and 50 times on four threads. On the other
# side, nothing in that number protects your memory, or your neighbours, from reader two thousand.
#
# ### Work is not a wait
#
# All of this was about pages that wait. Here is one that calculates, eight readers of it, and as the ideal eight
# times what the calculation takes alone.

# %%
quiz("02_wsgi_asgi_measured", "eight_calculations")


# %%
def calculate(request=None):
    total = sum(number * number for number in range(300_000))
    return HttpResponse(str(total))


async def calculate_async(request):
    return calculate()


def seconds_alone():
    start = time.thread_time()  # of the processor: what else the machine does is not counted
    calculate()
    return time.thread_time() - start


seconds = [seconds_alone() for _ in range(10)]
working = [
    await visited(calculate, "wsgi", 8, "waitress, 4 threads", threads=4),
    await visited(calculate, "asgi", 8, "uvicorn, plain view"),
    await visited(calculate_async, "asgi", 8, "uvicorn, async view"),
]
# Before and after: a processor's clock may change on the way.
alone_s = min(*seconds, *(seconds_alone() for _ in range(10)))
compare(*working, ideal_s=8 * alone_s)

# %%
assert min(result.wall_s for result in working) > 0.7 * 8 * alone_s

# %% [markdown]
# All three bars end where the ideal does, or beyond: eight calculations take eight times one, on any server, in any
# kind of view. Python runs one of them at a time, and there is no wait to put the others into. Lesson 3 is about
# what to do then.
#
# ### Which server?
#
# | you have | take | because |
# | --- | --- | --- |
# | something that must be done one at a time | one worker | a second one would break the promise |
# | a known number of readers who wait together, or a neighbour who allows so many calls | a pool of that size | the pool is a queue and a limit in one, and its threads are counted |
# | a number that nobody knows, or readers who stay: live pages, long waits | an event loop | there is no number to get wrong; set limits where they are needed, in the view |
# | pages that only calculate | any, and a small one | no server makes a calculation shorter |

# %% [markdown]
# ## Test (12 min)
#
# Ten questions over all of this: four easy, three medium, three hard, drawn from the bank. One answer each and no
# hints; the reasons come after the answer, and at the end a verdict for each objective, with links to what to read
# again. Stop when you like: the test goes on where you left it. You need not have done the rest to start here.

# %%
quiz.test("02_wsgi_asgi_measured")

# %% [markdown]
# Harder: `quiz.challenge("02_wsgi_asgi_measured")` asks five, none of them easy. Its timer is off until you start it.

# %% [markdown]
# ## What you have now
#
# You can say who is waiting for whom: the view for the wire, or the reader for a worker. You can predict the last
# reader's wait from three numbers, and you have measured three things that many people believe the other way round:
# plain views overlap under ASGI, async views gain nothing in a small pool, and an async view of Django holds a thread
# while it waits.
#
# One assumption went through all of it: that a view which waits on the loop really gives way. The next lesson, *One
# slow line stops everyone*, takes that away and looks at what happens to the neighbours.
