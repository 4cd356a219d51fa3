# %% [markdown]
# # One slow line stops everyone
#
# **You will be able to** find the line that keeps the event loop to itself, choose between a thread, a process and
# a queue for it, and say what Python's interpreter lock changes.
#
# **You need** the first two lessons: a view that waits, and who is waiting for whom.
#
# **It takes** 12 minutes for the first two ways in, and 83 for all ten. They build on each other from
# top to bottom, and each can be read alone: run the cells up to *Why*, then jump.
#
# | way in | minutes | what you do there |
# | --- | --- | --- |
# | [Why](<#Why-(4-min)>) | 4 | let one page silence a whole site, and see where it does not |
# | [Learn](<#Learn-(8-min)>) | 8 | sort calls by what they do to the loop, find the line, move it |
# | [Visualize](<#Visualize-(5-min)>) | 5 | watch a ping wait for somebody else's page |
# | [Deep](<#Deep-(11-min)>) | 11 | small pieces, threads, processes, and the lock behind them |
# | [Try](<#Try-(4-min)>) | 4 | fill the blanks |
# | [Challenge](<#Challenge-(10-min)>) | 10 | a blocking call that hides two calls deep |
# | [Project](<#Project-(16-min)>) | 16 | a digest that holds up nobody |
# | [Recall](<#Recall-(6-min)>) | 6 | nine cards |
# | [Cost](<#Cost-(7-min)>) | 7 | what the remedies cost, and where they queue |
# | [Test](<#Test-(12-min)>) | 12 | ten questions, and a verdict for each objective |

# %%
import asyncio
import hashlib
import statistics
import threading
import time
from itertools import pairwise
from types import SimpleNamespace

import httpx
from django.http import HttpResponse, JsonResponse
from django.urls import path

from course_support import Site, Timeline, check, compare, lesson, load_test, newswire, quiz, watch

site = Site()

# %%
lesson("03_do_not_block_the_loop")

# %% [markdown]
# The work of this lesson is a *digest*: a fingerprint of a text that is slow on purpose, as for passwords. It
# computes and waits for nothing. The next cell finds out how many rounds take about half a second on this machine.


# %%
def digest_of(text, rounds):
    return hashlib.pbkdf2_hmac("sha256", text.encode(), b"newsdesk", rounds).hex()


def seconds_of(function, *arguments):
    start = time.perf_counter()
    function(*arguments)
    return time.perf_counter() - start


rounds = int(0.5 * 50_000 / min(seconds_of(digest_of, "story", 50_000) for _ in range(5)))
f"{rounds} rounds"

# %% [markdown]
# Two pages of Newsdesk. `/digest/` makes the fingerprint of a story; hardly anybody asks for it. `/ping/` is asked for
# all day long: the machine in front of the site reads it to know whether the site is alive, and sends readers elsewhere
# when it gets no answer.


# %%
async def ping(request):
    return HttpResponse("pong")


async def digest(request):
    return HttpResponse(digest_of("the story", rounds))


# %% [markdown]
# `site.serve("asgi")` starts uvicorn with a thread and a loop of its own. The probe asks a server for a
# page and meanwhile sends one ping after the other. It runs on the loop of this notebook, so it can go on asking while
# the server's loop is busy. It notes the *longest silence*: the longest time without a pong.


# %%
async def probe(server, address="/digest/"):
    async with httpx.AsyncClient(base_url=server.url, timeout=30) as client:
        await client.get("/ping/")  # opens the connection
        pongs, cpu_s = [time.perf_counter()], time.process_time()
        asked = asyncio.create_task(client.get(address))
        while not asked.done():
            await client.get("/ping/")
            pongs.append(time.perf_counter())
    gaps = [after - before for before, after in pairwise(pongs)]
    found = SimpleNamespace(took_s=pongs[-1] - pongs[0], silence_s=max(gaps))
    found.ping_s, found.cpu_s = statistics.median(gaps), time.process_time() - cpu_s
    print(f"{address:10} {found.took_s:.2f} s, longest silence {found.silence_s:.2f} s")
    return found


# %% [markdown]
# ## Why (4 min)
#
# One editor asks for `/digest/`. It takes half a second. What happens to `/ping/` meanwhile, which has nothing to do
# with it and is finished in a millisecond?

# %%
quiz("03_do_not_block_the_loop", "ping_meanwhile")

# %%
site.urlpatterns = [path("ping/", ping), path("digest/", digest)]
async with site.serve("asgi") as server:
    probed_inline = await probe(server)

# %%
assert probed_inline.silence_s > 0.5 * probed_inline.took_s

# %% [markdown]
# The site was silent for as long as the digest took. Nobody was waiting for anything, so nobody gave way: one
# line of one view had the loop, and everybody else stood behind it. The word `async` did not help. It is the
# reason: it put that line on the loop.
#
# Now the case in which it fails. First the same line in a plain `def` view, then the async view behind a WSGI
# server with four threads.


# %%
def digest_plain(request):
    return HttpResponse(digest_of("the story", rounds))


site.urlpatterns = [path("ping/", ping), path("digest/", digest), path("plain/", digest_plain)]

async with site.serve("asgi") as server:
    probed_plain = await probe(server, "/plain/")
async with site.serve("wsgi", threads=4) as server:
    probed_wsgi = await probe(server)

# %%
assert probed_plain.silence_s < 0.5 * probed_plain.took_s
assert probed_wsgi.silence_s < 0.5 * probed_wsgi.took_s

# %% [markdown]
# The pings get through both times. Django runs a plain view in a thread of its request, so the loop stays free;
# and a WSGI server gives each request one of its threads, so only that thread is held. **A slow line stops
# everyone who shares its thread. On an event loop, that is everyone.**

# %% [markdown]
# ## Learn (8 min)
#
# ### Three kinds of calls
#
# Seen from the loop, a call *waits* (it is awaited, and gives way), *blocks* (it keeps the thread), or it
# *depends* on what it calls itself. Which of the calls below let another task go on?

# %%
quiz("03_do_not_block_the_loop", "lets_others_run")


# %%
async def ticks_during(call):
    """How often another task had its turn while `call()` ran."""
    ticks = []

    async def tick():
        while True:
            await asyncio.sleep(0.01)
            ticks.append("tick")

    ticker = asyncio.create_task(tick())
    await asyncio.sleep(0)  # the ticker starts
    await call()
    ticker.cancel()
    return len(ticks)


# %%
async def plainly(function, *arguments):
    return function(*arguments)  # called on the loop


async def polite_looking():
    time.sleep(0.2)


with newswire.answers("quick", {"headlines": []}, delay_s=0.2):
    wire = newswire.url("quick")
    async with httpx.AsyncClient() as client:
        calls = {
            "await asyncio.sleep(0.2)": lambda: asyncio.sleep(0.2),
            "time.sleep(0.2)": lambda: plainly(time.sleep, 0.2),
            "await client.get(wire)": lambda: client.get(wire),
            "httpx.get(wire)": lambda: plainly(httpx.get, wire),
            "digest_of(...)": lambda: plainly(digest_of, "story", rounds),
            "await asyncio.to_thread(digest_of, ...)": lambda: asyncio.to_thread(
                digest_of, "story", rounds
            ),
            "await asyncio.to_thread(time.sleep, 0.2)": lambda: asyncio.to_thread(time.sleep, 0.2),
            "await polite_looking()": polite_looking,
        }
        ticks = {name: await ticks_during(call) for name, call in calls.items()}
for name, number in ticks.items():
    print(f"{name:42}{number:3} ticks")

# %%
gives_way = [name for name, number in ticks.items() if number > 3]
assert gives_way == [name for name in calls if name.startswith("await") and "polite" not in name]

# %% [markdown]
# Four calls gave the loop away, four kept it. What they *do* is no guide: sleeping, asking the wire and hashing
# stand on both sides. Neither is the `await` in the last one. It awaits a coroutine that awaits nothing, and
# so it depends: look into what you call, down to the innermost function.
#
# ### Find the line
#
# In a large application nobody looks into everything. `watch()` measures each step of the loop, and names the
# line that held it. Here the site runs on the loop of this notebook.

# %%
site.urlpatterns = [path("ping/", ping), path("digest/", digest)]
with watch() as seen:
    await site.get("/digest/")
seen

# %%
assert [(hold.view, hold.kind) for hold in seen.holds] == [("digest", "computing")]


# %% [markdown]
# The view, the time, the line, and the kind: *computing*, for it used a core all the while. A call that sleeps or
# asks another machine is reported as *waiting*. That tells you which remedy to look for:
#
# | kind | what it is | remedy |
# | --- | --- | --- |
# | waiting | `time.sleep`, a sync HTTP client, a driver | its async twin, awaited; without a twin, a thread |
# | computing | hashing, images, parsing, comparing | a thread if the code lets go of the interpreter, else a process |
# | either, and nobody needs the result now | reports, e-mails, thumbnails | a queue, which lesson 11 builds |
#
# ### Move it
#
# `asyncio.to_thread` takes a plain function and its arguments, calls it in a thread, and gives something to await.


# %%
async def digest_in_thread(request):
    found = await asyncio.to_thread(digest_of, "the story", rounds)
    return HttpResponse(found)


site.urlpatterns = [path("ping/", ping), path("digest/", digest_in_thread)]
with watch() as seen:
    await site.get("/digest/")
seen

# %%
assert not seen.holds

# %%
async with site.serve("asgi") as server:
    probed_moved = await probe(server)

# %%
assert probed_moved.silence_s < 0.5 * probed_moved.took_s

# %% [markdown]
# One line changed. The function goes over without parentheses: with them, it would run here, on the loop, and
# the thread would get its result to call.

# %% [markdown]
# ## Visualize (5 min)
#
# Two marks in the function that computes, two around a ping. The ping is sent when the first mark of the digest
# is there, so the digest is certainly under way. In which order do the marks come?

# %%
quiz("03_do_not_block_the_loop", "order_of_marks")

# %%
timeline = Timeline()


def noted_digest():
    timeline.mark("digest", "computes")
    digest_of("the story", rounds)
    timeline.mark("digest", "is done")


async def inline(request):
    noted_digest()
    return HttpResponse("done")


async def threaded(request):
    await asyncio.to_thread(noted_digest)
    return HttpResponse("done")


site.urlpatterns = [path("ping/", ping), path("inline/", inline), path("threaded/", threaded)]


# %%
async def ping_while(address):
    timeline.clear()
    async with site.serve("asgi") as server, httpx.AsyncClient(base_url=server.url) as client:
        asked = asyncio.create_task(client.get(address))
        while "digest computes" not in timeline.order():
            await asyncio.sleep(0.01)
        timeline.mark("ping", "asked", waiting=True)
        await client.get("/ping/")
        timeline.mark("ping", "answered")
        await asked
    print(", ".join(timeline.order()))


await ping_while("/inline/")
timeline

# %%
assert timeline.order()[-1] == "ping answered"

# %% [markdown]
# The ping does nothing wrong and is not slow. Its bar is as long as what was left of somebody else's work. Open
# the table under the picture: the digest ran in the server's thread, where the ping's view wanted to run.

# %%
await ping_while("/threaded/")
timeline

# %%
assert timeline.order() == ["digest computes", "ping asked", "ping answered", "digest is done"]

# %% [markdown]
# The same digest, the same length, in a thread of its own, and the ping is a sliver.
#
# And from outside: four readers ask for the inline digest at once, while `watch()` looks on. A grey band is a time
# in which the loop was held.

# %%
with watch() as seen:
    four_readers = await load_test(site, "/inline/", requests=4, label="four inline digests")
four_readers.marked(seen.holds)

# %%
assert len(seen.holds) >= 4

# %% [markdown]
# Four readers, four bands, and each answer leaves at the end of one. In a trace of a real site
# you look for the same pattern: **many requests that end at the same moment.** What ended there as well is what
# they all waited for, and it began where the first of them should have been answered.

# %% [markdown]
# ## Deep (11 min)
#
# A mental model in three sentences. The loop is one thread that does one thing at a time. Whatever runs between
# two awaits that give way runs alone. To keep the loop free, long work has to run in another thread or another
# process, and if it is Python code, the interpreter has one more word to say.
#
# ### Are smaller pieces enough?
#
# The digest could be cut into pieces, with `await asyncio.sleep(0)` between them: "whoever is next". With forty
# pieces, one takes a fortieth of the time. How long does a ping take then, and how long the digest?

# %%
quiz("03_do_not_block_the_loop", "forty_pieces")


# %%
async def in_pieces(request, pieces):
    found = "the story"
    for _ in range(pieces):
        found = digest_of(found, rounds // pieces)
        await asyncio.sleep(0)
    return HttpResponse(found)


site.urlpatterns = [path("ping/", ping), path("pieces/<int:pieces>/", in_pieces)]
async with site.serve("asgi") as server:
    whole = await probe(server, "/pieces/1/")
    forty = await probe(server, "/pieces/40/")
print(f"{forty.cpu_s / whole.cpu_s:.1f} times the processor time of the whole digest")
print(f"half of the pings took {forty.ping_s / (forty.took_s / 40):.1f} pieces or more")

# %%
assert forty.silence_s / forty.took_s < 0.9 * whole.silence_s / whole.took_s
assert forty.cpu_s > 0.5 * whole.cpu_s
assert forty.ping_s > 1.5 * forty.took_s / 40

# %% [markdown]
# The silence is shorter, the work is not, and a ping takes several pieces, not one. A request needs several turns
# of the loop from its first byte to its answer, and in each turn a piece goes first. With three digests at once,
# three pieces go first. Pieces make the queue move; they do not take the work off the loop. They need an `await`
# between them, which a call into somebody else's library does not have.
#
# ### Is a thread enough?
#
# `hashlib` is written in C and lets go of the interpreter while it works. Python code cannot: **one thread at a
# time runs Python code**, and holds a lock while it does, the *GIL*. Here is work in pure Python from the
# standard library: find the headline in an archive that is most like a new one. Inline, in a thread, in a
# process: what will the pings say?

# %%
quiz("03_do_not_block_the_loop", "pure_python_in_a_thread")

# %%
import difflib
import multiprocessing
from concurrent.futures import ProcessPoolExecutor

new = "Council votes on the new bridge"
archive = [f"Council votes on bridge {number} at the harbour" for number in range(1000)]
once_s = min(seconds_of(difflib.get_close_matches, new, archive, 1) for _ in range(3))
archive = archive * max(1, round(0.6 / once_s))
f"{len(archive)} headlines"


# %%
async def near_inline(request):
    return HttpResponse(difflib.get_close_matches(new, archive, 1))


async def near_thread(request):
    found = await asyncio.to_thread(difflib.get_close_matches, new, archive, 1)
    return HttpResponse(found)


async def near_process(request):
    loop = asyncio.get_running_loop()
    found = await loop.run_in_executor(pool, difflib.get_close_matches, new, archive, 1)
    return HttpResponse(found)


site.urlpatterns = [
    path("ping/", ping),
    path("inline/", near_inline),
    path("thread/", near_thread),
    path("process/", near_process),
]

# %%
# `spawn` starts a fresh Python. Copying this one, threads and all, would not be safe.
with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
    pool.submit(abs, 1).result()  # the process starts before anybody measures
    async with site.serve("asgi") as server:
        near = {way: await probe(server, f"/{way}/") for way in ("inline", "thread", "process")}
for way in ("thread", "process"):
    print(f"{way:8} half of the pings within {1000 * near[way].ping_s:.0f} ms")

# %%
assert near["inline"].silence_s > 0.5 * near["inline"].took_s
assert near["thread"].silence_s < 0.8 * near["thread"].took_s
assert near["process"].silence_s < 0.8 * near["process"].took_s
assert near["thread"].ping_s > 1.2 * near["process"].ping_s

# %% [markdown]
# Inline, silence. In a thread, the site lives, but each ping is slow: the loop's thread has to ask for the lock
# again and again, and gets it after 5 ms each time. In a process, there is no lock to share: another
# interpreter does the work, with a lock of its own.
#
# And there is C code that never lets go. `sum` over a range is one call, without a line of Python in it.


# %%
async def total(request):
    return HttpResponse(await asyncio.to_thread(sum, range(20_000_000)))


site.urlpatterns = [path("ping/", ping), path("total/", total)]
async with site.serve("asgi") as server:
    summed = await probe(server, "/total/")

# %%
assert summed.silence_s > 0.5 * summed.took_s

# %% [markdown]
# A thread, an `await`, and silence all the same, for the probe as well: everything in this process stood still. So
# "put it into a thread" is a remedy for calls that wait and for C code that lets go. For the rest it is a
# process, or a queue with workers of its own.
#
# ### What a process cannot be given
#
# A thread shares everything with you. A process gets a copy by post: function and arguments are pickled, and a
# function travels as its name, which the other side imports.

# %%
with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
    try:
        await asyncio.get_running_loop().run_in_executor(pool, lambda: digest_of("story", 1))
    except Exception as error:
        refused = f"{type(error).__name__}: {error}"
refused

# %%
assert "pickle" in refused.lower()

# %% [markdown]
# A lambda has no name to import. A function that you define in a cell has one, but the fresh Python knows nothing
# of this notebook. Give a process functions from modules: your application's, or, as above, the library's.
#
# ### Where it lives

# %%
import inspect
import os
import sys

print("Python", sys.version.split()[0], "with", os.cpu_count(), "cores")
print("\n".join(inspect.getsource(asyncio.to_thread).splitlines()[-4:]))
print("a thread that wants the lock asks after", sys.getswitchinterval(), "s")

# %% [markdown]
# `to_thread` hands your call to the loop's own pool of threads, and the pool has a size. [Cost](<#Cost-(7-min)>)
# finds it out.

# %% [markdown]
# ## Try (4 min)
#
# Drag an option to its blank; or click a blank, then an option; or use the keyboard: Tab to a blank, then the
# number of the option. Three attempts each, and hints if you ask for them.

# %%
tried = quiz("03_do_not_block_the_loop", "try")
tried

# %% [markdown]
# And now run it, with whatever you put into the blanks when you last pressed *Check*.

# %%
await tried.run()

# %% [markdown]
# ## Challenge (10 min)
#
# The front page was made async last month. Since then, this comes in:
#
# | endpoint | symptom |
# | --- | --- |
# | `/front/` | Status 200, and right. No error in the log. |
# | `/ping/` | From time to time no answer for as long as the wire is slow. The machine in front takes the site out. |
#
# The log of the day before, with the wire at two seconds:
#
# ```text
# 09:14:02.001  GET /front/   200   2003 ms
# 09:14:02.004  GET /ping/    200   1986 ms
# 09:14:02.005  GET /ping/    200   1501 ms
# 09:14:02.005  GET /ping/    200   1002 ms
# ```
#
# Every `await` in the code below is in its place. Find what holds the loop, and mend it; the page says the same
# afterwards. `watch()` may be of help.


# %% id="fix03-hidden-block" tags=["answer"]
def ask(source):
    return httpx.get(newswire.url(source)).json()


async def front_matter():
    headlines = ask("quick")["headlines"]
    return {"lead": headlines[0], "stories": len(headlines)}


async def front(request):
    return JsonResponse(await front_matter())


site.urlpatterns = [path("front/", front), path("ping/", ping)]

# %%
await check("fix03_hidden_block", site)

# %% [markdown]
# Stuck? `from course_support import hint`, then `hint("fix03_hidden_block")` gives one hint at a time.

# %% [markdown]
# ## Project (16 min)
#
# Newsdesk gets `/digest/` for good: a client posts a text, and gets its fingerprint. Texts may be long, lines may
# be long, and several clients come at once. Nobody else may notice.
#
# The check posts texts that it has made up a moment before. While one is being digested, it sends ten pings, one
# after the other, and all of them must be answered first.
#
# Open [exercise 3](../exercises/ex03_blocking_call.ipynb). It takes about a quarter of an hour.

# %% [markdown]
# ## Recall (6 min)
#
# Nine cards. Say the answer to yourself, turn the card, then say how it went, by its buttons or the keys 1 to 4. A card
# that you missed is due tomorrow, one that you knew in a few days, and later each time; the next lessons open with those
# that are due. A question that you did not solve makes the cards of its objective due at once. On another day this cell
# asks only for what is due by then.

# %%
quiz.due("03_do_not_block_the_loop")

# %% [markdown]
# ## Cost (7 min)
#
# Does a digest take less time when it is awaited in a thread? Two numbers say so, or not.

# %%
quiz("03_do_not_block_the_loop", "lighter_when_awaited")


# %%
async def digest_in_thread(request):
    return HttpResponse(await asyncio.to_thread(digest_of, "the story", rounds))


site.urlpatterns = [path("inline/", digest), path("thread/", digest_in_thread)]


async def seconds_for(address):
    """Wall time and processor time of one request."""
    start_s, cpu_s = time.perf_counter(), time.process_time()
    await site.get(address)
    return time.perf_counter() - start_s, time.process_time() - cpu_s


inline_s, thread_s = await seconds_for("/inline/"), await seconds_for("/thread/")
print(f"inline {inline_s[0]:.2f} s, of which the processor worked {inline_s[1]:.2f} s")
print(f"thread {thread_s[0]:.2f} s, of which the processor worked {thread_s[1]:.2f} s")

# %%
assert 0.5 < thread_s[1] / inline_s[1] < 2

# %% [markdown]
# The same work on the same kind of core. Moving it changes who has to wait for it, and nothing else.
#
# The other cost is hidden in a blocking call that *waits*. Twelve readers at once ask for a page that sleeps
# 0.2 s: awaited, hidden in an async view, moved to a thread, and in a plain view behind four WSGI threads.


# %%
async def awaited(request):
    await asyncio.sleep(0.2)
    return HttpResponse("page")


async def hidden(request):
    time.sleep(0.2)
    return HttpResponse("page")


async def moved(request):
    await asyncio.to_thread(time.sleep, 0.2)
    return HttpResponse("page")


def plain(request):
    time.sleep(0.2)
    return HttpResponse("page")


site.urlpatterns = [path(f"{view.__name__}/", view) for view in (awaited, hidden, moved, plain)]

# %%
results = [
    await load_test(site, f"/{name}/", requests=12, label=name)
    for name in ("awaited", "hidden", "moved")
]
async with site.serve("wsgi", threads=4) as server:
    results.append(await load_test(server, "/plain/", requests=12, label="plain, 4 threads"))
comparison = compare(*results, ideal_s=0.2)
comparison

# %%
ratios = comparison.ratios
assert ratios["hidden"] > 10
assert ratios["hidden"] > 2 * ratios["plain, 4 threads"]
assert ratios["awaited"] < 0.5 * ratios["hidden"]

# %% [markdown]
# The hidden sleep is the slowest of them all, slower than the small WSGI server: twelve readers in one queue, for
# there is one thread. That is the price of an async view that blocks: it is not a little worse than a plain view,
# it is as bad as a server with one worker.
#
# And the moved one may have taken more than one round. Its threads are a pool. How large is it here?


# %%
def nap():
    time.sleep(0.1)
    return threading.current_thread().name


async def seconds_for_sleeps(number):
    start = time.perf_counter()
    await asyncio.gather(*(asyncio.to_thread(time.sleep, 0.3) for _ in range(number)))
    return time.perf_counter() - start


pool_size = len(set(await asyncio.gather(*(asyncio.to_thread(nap) for _ in range(40)))))
full_s, over_s = await seconds_for_sleeps(pool_size), await seconds_for_sleeps(2 * pool_size)
print(f"{pool_size} threads; {pool_size} sleeps of 0.3 s took {full_s:.2f} s")
print(f"{2 * pool_size} sleeps took {over_s:.2f} s")

# %%
assert over_s > 1.5 * full_s

# %% [markdown]
# Forty naps met that many threads. One call more than the pool has threads waits until another has ended. The loop stays
# free, so pings are answered; but a page that needs a thread for each reader is a page with a queue. Where that matters,
# take the async twin, or make a pool of your own size.

# %% [markdown]
# ## Test (12 min)
#
# Ten questions over all of this: four easy, three medium, three hard, drawn from the bank. One answer each and no
# hints; the reasons come after the answer, and at the end a verdict for each objective, with links to what to read
# again. Stop when you like: the test goes on where you left it. You need not have done the rest to start here.

# %%
quiz.test("03_do_not_block_the_loop")

# %% [markdown]
# Harder: `quiz.challenge("03_do_not_block_the_loop")` asks five, none of them easy. Its timer is off until you start it.

# %% [markdown]
# ## What you have now
#
# You can tell from the pings that a loop is held, find the line with `watch()`, and move it: the async twin for
# what waits, a thread for what lets go of the interpreter, a process for the rest. Three beliefs did not hold here:
# that `async` makes computing lighter, that small pieces are enough, and that a thread always is.
#
# The next lesson, *Fan out*, uses the free loop: eight sources, asked all at once, and not one too many.
