# %% [markdown]
# # Fan out
#
# **You will be able to** make the waits of one request overlap, bound how many there are at one time, say what becomes
# of the others when one call fails, and share one HTTP client where it may be shared.
#
# **You need** an async view, and what `await` does to the loop ([lesson 1](01_first_async_view.ipynb)).
#
# **It takes** 14 minutes for the first two ways in, and 101 for all ten. They build on each other from
# top to bottom, and each can be read alone: run the cells up to *Why*, then jump.
#
# | way in | minutes | what you do there |
# | --- | --- | --- |
# | [Why](<#Why-(6-min)>) | 6 | a page from six sources, three ways, and one that fails |
# | [Learn](<#Learn-(8-min)>) | 8 | `gather`, `TaskGroup`, and a limit |
# | [Visualize](<#Visualize-(7-min)>) | 7 | watch three calls pass two places |
# | [Deep](<#Deep-(14-min)>) | 14 | when a task starts, who goes on when one fails, and what WSGI has to do with it |
# | [Try](<#Try-(4-min)>) | 4 | fill the blanks |
# | [Challenge](<#Challenge-(14-min)>) | 14 | three pages that fan out, nearly |
# | [Project](<#Project-(21-min)>) | 21 | the front page of your news site |
# | [Recall](<#Recall-(7-min)>) | 7 | eight cards, and a list from memory |
# | [Cost](<#Cost-(8-min)>) | 8 | connections, and what your readers do to your limit |
# | [Test](<#Test-(12-min)>) | 12 | ten questions, and a verdict for each objective |

# %%
import asyncio
import time

import django
import httpx
from django.http import JsonResponse
from django.urls import path

from course_support import Site, Timeline, check, lesson, newswire, quiz

site = Site()
print("Django", django.get_version(), "and httpx", httpx.__version__)

# %%
lesson("04_fan_out")

# %% [markdown]
# The newswire has eight sources of news. For now all of them take 0.3 s, so that times are easy to read: an address
# may say so, `newswire.url("hill", delay_s=0.3)`. This helper asks one of them.

# %%
NAMES = ["harbour", "hill", "night", "coast", "market", "valley"]


async def ask(client, name, delay_s=0.3):
    answer = await client.get(newswire.url(name, delay_s=delay_s))
    answer.raise_for_status()
    return answer.json()


# %% [markdown]
# And this one measures a page from both ends: how long the reader waits, and what the wire has seen of it.


# %%
async def measure(address, reader=site):
    start_s = time.perf_counter()
    response = await reader.get(address)
    assert response.status_code == 200, response.text
    return time.perf_counter() - start_s, newswire.seen.since(start_s)


# %% [markdown]
# ## Why (6 min)
#
# A newspaper has correspondents in six towns, and your front page shows what each of them has to say. Somebody has to
# ring them up. A clerk with one telephone calls the harbour, writes it down, hangs up, calls the hill. A clerk with
# six telephones lets them all ring, and writes down whoever answers.
#
# In lesson 1 the waits of many readers lay on top of each other. Here there is *one* reader, who waits for one page.
# For how long?

# %%
quiz("04_fan_out", "six_sources")


# %%
async def in_sequence(request):
    async with httpx.AsyncClient() as client:
        documents = [await ask(client, name) for name in NAMES]
    return JsonResponse({"sources": documents})


async def together(request):
    async with httpx.AsyncClient() as client:
        documents = await asyncio.gather(*(ask(client, name) for name in NAMES))
    return JsonResponse({"sources": documents})


site.urlpatterns = [path("in_sequence/", in_sequence), path("together/", together)]

# %%
await measure("/together/")  # a warm-up, not counted
sequence_s, sequence = await measure("/in_sequence/")
together_s, at_once = await measure("/together/")
print(f"in sequence {sequence_s:.2f} s, at most {sequence.peak} call at the wire at one time")
print(f"together    {together_s:.2f} s, at most {at_once.peak} calls at the wire at one time")
print(f"in sequence takes {sequence_s / together_s:.1f} times as long")

# %%
assert (sequence.peak, at_once.peak) == (1, 6)
assert sequence_s > 1.5 * together_s

# %% [markdown]
# The first view is async from its first word to its last, and still asks one source after the other. An `await` in a
# loop is a queue of one. The second makes all six calls before it waits for any; then the page takes as long as the
# slowest source, and not as long as all of them. No source got faster.
#
# Now for the case in which it fails. `gather` stays; only the helper asks in another way.

# %%
quiz("04_fan_out", "gather_of_blocking_calls")


# %%
async def ask_blocking(name):
    return httpx.get(newswire.url(name, delay_s=0.3)).json()


async def together_blocking(request):
    documents = await asyncio.gather(*(ask_blocking(name) for name in NAMES))
    return JsonResponse({"sources": documents})


site.urlpatterns = [path("together_blocking/", together_blocking)]
blocking_s, blocking = await measure("/together_blocking/")
print(f"together, with a blocking client: {blocking_s:.2f} s, at most {blocking.peak} at one time")

# %%
assert blocking.peak == 1
assert blocking_s > 1.5 * together_s

# %% [markdown]
# `gather` has no power of its own. It puts six tasks on the loop, and they overlap where they *await*. A call that
# keeps the thread keeps the other five from starting, and every other reader of the site as well.

# %% [markdown]
# ## Learn (8 min)
#
# ### gather keeps your order
#
# `asyncio.gather` takes coroutines one by one (the star hands over a whole list), makes a task of each, and gives
# their results as one list. In which order?

# %%
quiz("04_fan_out", "order_of_gather")

# %%
DELAYS_S = {"harbour": 0.3, "hill": 0.1, "coast": 0.2}
arrived = []


async def ask_and_note(client, name, delay_s):
    document = await ask(client, name, delay_s)
    arrived.append(name)
    return document["source"]


arrived.clear()
async with httpx.AsyncClient() as client:
    calls = [ask_and_note(client, name, delay_s) for name, delay_s in DELAYS_S.items()]
    gathered = await asyncio.gather(*calls)
print("arrived: ", arrived)
print("gathered:", gathered)

# %%
assert gathered == list(DELAYS_S)
assert arrived != gathered

# %% [markdown]
# The order of arrival is the wire's business, the order of the page is yours.
#
# ### TaskGroup: tasks with a common end
#
# A `TaskGroup` does the same in two steps. Inside the block you make tasks; the end of the block waits until all of
# them are done. Then each task has its `result()`.


# %%
async def grouped(request):
    async with httpx.AsyncClient() as client, asyncio.TaskGroup() as group:
        tasks = [group.create_task(ask(client, name)) for name in NAMES]
    return JsonResponse({"sources": [task.result() for task in tasks]})


site.urlpatterns = [path("grouped/", grouped)]
grouped_s, in_a_group = await measure("/grouped/")
print(f"in a group {grouped_s:.2f} s, at most {in_a_group.peak} calls at the wire at one time")

# %%
assert in_a_group.peak == 6
assert grouped_s < 0.75 * len(NAMES) * 0.3  # so long they take in sequence

# %% [markdown]
# With everything going well the two are alike. What divides them is a call that fails; [Deep](<#Deep-(14-min)>) looks
# at that.
#
# ### A limit
#
# Six calls at one time are six telephones at the wire that ring for one page. The people there may ask you for two at
# the most. A semaphore is a gate with so many places: `async with limit` waits for a place, and gives it back at the end
# of the block.

# %%
quiz("04_fan_out", "two_at_a_time")


# %%
async def ask_politely(client, limit, name, delay_s=0.3):
    async with limit:
        return await ask(client, name, delay_s)


async def gated(request, places):
    limit = asyncio.Semaphore(places)
    async with httpx.AsyncClient() as client:
        documents = await asyncio.gather(*(ask_politely(client, limit, name) for name in NAMES))
    return JsonResponse({"sources": documents})


site.urlpatterns = [path("gated/<int:places>/", gated)]
times_s, peaks = [], []
for places in (1, 2, 6):
    took_s, seen = await measure(f"/gated/{places}/")
    times_s.append(took_s)
    peaks.append(seen.peak)
    print(
        f"{places} at most: {took_s:.2f} s, {took_s / 0.3:.1f} times one source, peak {seen.peak}"
    )

# %%
assert peaks == [1, 2, 6]
assert times_s == sorted(times_s, reverse=True)

# %% [markdown]
# All six tasks are made at once; with two places, four of them wait at the gate. The semaphore is made once, in the view,
# and each call gets the same one. The peak at the wire is the number of places. The times follow from it: six, three, and
# one times the 0.3 s of a source, and a little work on top. A gate with one place is the queue from above, and one with
# six is no gate at all.

# %% [markdown]
# ## Visualize (7 min)
#
# Three calls and two places. Harbour takes 0.4 s, hill 0.2 s, night 0.4 s. Each leaves a mark when it comes to the
# gate, when it asks, and when it has its answer. When does night ask?

# %%
quiz("04_fan_out", "through_the_gate")

# %%
timeline = Timeline()


async def call(client, limit, name, delay_s):
    timeline.mark(name, "at the gate", waiting=True)
    async with limit:
        timeline.mark(name, "asks", waiting=True)
        await ask(client, name, delay_s)
        timeline.mark(name, "has it")


# %%
async def gate(request):
    limit = asyncio.Semaphore(2)
    async with httpx.AsyncClient() as client:
        timeline.clear()
        await asyncio.gather(
            call(client, limit, "harbour", 0.4),
            call(client, limit, "hill", 0.2),
            call(client, limit, "night", 0.4),
        )
    return JsonResponse({})


site.urlpatterns = [path("gate/", gate)]
await measure("/gate/")
print(", ".join(mark for mark in timeline.order() if "gate" not in mark))
timeline

# %%
order, gate_s = timeline.order(), timeline.wall_s
assert order.index("hill has it") < order.index("night asks") < order.index("harbour has it")

# %% [markdown]
# Hill goes out, night goes in, and harbour does not notice. All of it happened in one thread: the bars are three tasks
# that wait.
#
# Some write a limit in another way: cut the list into groups of two, and gather one group after the other.

# %%
quiz("04_fan_out", "in_pairs")


# %%
async def pairs(request):
    limit = asyncio.Semaphore(2)
    async with httpx.AsyncClient() as client:
        timeline.clear()
        await asyncio.gather(
            call(client, limit, "harbour", 0.4),
            call(client, limit, "hill", 0.2),
        )
        await asyncio.gather(call(client, limit, "night", 0.4))
    return JsonResponse({})


site.urlpatterns = [path("pairs/", pairs)]
await measure("/pairs/")
print(f"through the gate {gate_s:.2f} s, in pairs {timeline.wall_s:.2f} s")
timeline

# %%
order = timeline.order()
assert order.index("harbour has it") < order.index("night asks")
assert timeline.wall_s > gate_s

# %% [markdown]
# The peak is two in both pictures. But in the second one a place stands empty from the moment when hill is done:
# a group is as slow as its slowest, group after group.

# %% [markdown]
# ## Deep (14 min)
#
# A mental model in three sentences. A coroutine is an errand written down; a task is the errand on its way. `gather`
# is somebody who waits for errands, a `TaskGroup` is somebody who answers for them. And the road they walk on is an
# event loop, whichever server has made it.
#
# One experiment for each.
#
# ### A task is on its way as soon as it is made

# %%
quiz("04_fan_out", "awaited_one_by_one")


# %%
async def one_by_one(request):
    async with httpx.AsyncClient() as client:
        tasks = [asyncio.create_task(ask(client, name)) for name in NAMES]
        documents = [await task for task in tasks]
    return JsonResponse({"sources": documents})


site.urlpatterns = [path("one_by_one/", one_by_one)]
one_by_one_s, seen = await measure("/one_by_one/")
print(f"made, then awaited one by one: {one_by_one_s:.2f} s, peak at the wire {seen.peak}")

# %%
assert seen.peak == 6
assert one_by_one_s < 0.75 * len(NAMES) * 0.3  # so long they take in sequence

# %% [markdown]
# The second line awaits one task after the other, and yet six calls were at the wire. `await` does not start a task; it
# picks up what the task has found. Compare it with the first view of this lesson, where each *coroutine* was awaited: a
# coroutine that nobody has made a task of runs only while it is awaited.
#
# ### When one fails: gather tells you, a TaskGroup tidies up
#
# Three calls, one of them to a source that answers 503. The other two are held back at the wire by `newswire.hold`,
# so that nobody can say they were done anyway.

# %%
quiz("04_fan_out", "one_of_three_fails")


# %%
async def by_gather(client):
    await asyncio.gather(ask(client, "harbour"), ask(client, "failing"), ask(client, "coast"))


async def by_group(client):
    async with asyncio.TaskGroup() as group:
        for name in ("harbour", "failing", "coast"):
            group.create_task(ask(client, name))


# %%
with newswire.hold("harbour", "coast") as held:
    async with httpx.AsyncClient() as client:
        try:
            await by_gather(client)
        except httpx.HTTPStatusError as error:
            gather_raised = type(error).__name__
        still_asking = sum(call.ended_s is None for call in held.calls)
print("gather raised", gather_raised, "and calls still at the wire:", still_asking)

# %%
with newswire.hold("harbour", "coast") as held:
    async with httpx.AsyncClient() as client:
        try:
            await by_group(client)
        except* httpx.HTTPStatusError as errors:
            group_raised = type(errors).__name__
        await held.left(2)  # until the wire has noticed
        dropped = sum(call.left_s is not None for call in held.calls)
print("TaskGroup raised", group_raised, "and calls dropped at the wire:", dropped)

# %%
assert (gather_raised, still_asking) == ("HTTPStatusError", 2)
assert (group_raised, dropped) == ("ExceptionGroup", 2)

# %% [markdown]
# After `gather` the exception is yours at once, as it is, and two calls go on for a page that is an error already.
# A `TaskGroup` cancels what is left, waits until it is gone, and raises a group, for several may have failed:
# `except*` takes one kind out of it. For a page that needs all its sources the group is the better choice. For one
# that can do with some of them, lesson 5 has a third way.
#
# ### The loop need not be the server's
#
# Two views, one that asks in sequence and one that asks together, move to a WSGI server with four threads: a world
# without `async`.

# %%
quiz("04_fan_out", "without_asgi")


# %%
async def in_sequence(request):
    async with httpx.AsyncClient() as client:
        return JsonResponse({"sources": [await ask(client, name) for name in NAMES]})


async def together(request):
    async with httpx.AsyncClient() as client:
        documents = await asyncio.gather(*(ask(client, name) for name in NAMES))
    return JsonResponse({"sources": documents})


site.urlpatterns = [path("in_sequence/", in_sequence), path("together/", together)]
async with site.serve("wsgi", threads=4) as server, httpx.AsyncClient(timeout=30) as reader:
    print(server.name)
    wsgi_sequence_s, _ = await measure(f"{server.url}/in_sequence/", reader)
    wsgi_together_s, seen = await measure(f"{server.url}/together/", reader)
print(f"in sequence {wsgi_sequence_s:.2f} s, together {wsgi_together_s:.2f} s, peak {seen.peak}")

# %%
assert seen.peak == 6
assert wsgi_together_s < 0.75 * wsgi_sequence_s

# %% [markdown]
# The overlap is all there. A fan-out inside one request needs an event loop, and Django makes one for the request. Here
# is the place, in the version that you run:

# %%
import inspect

from django.core.handlers.base import BaseHandler

source = inspect.getsource(BaseHandler._get_response).splitlines()
at = next(number for number, line in enumerate(source) if "iscoroutinefunction" in line)
print("\n".join(source[at - 1 : at + 2]))

# %% [markdown]
# `async_to_sync` runs the view on a loop that is made for it and closed behind it. What WSGI does *not* give you is one
# loop for all requests: the worker stands there while the page waits, and whatever belongs to a loop lives for one
# request only. Predict what that does to a client that is shared.

# %%
quiz("04_fan_out", "shared_client_one_off_loops")

# %%
shared = None  # made below, once for all requests


async def front(request):
    try:
        answer = await shared.get(newswire.url("quick"))
    except RuntimeError as error:
        return JsonResponse({"error": str(error)}, status=500)
    return JsonResponse(answer.json())


site.urlpatterns = [path("front/", front)]


# %%
async def four_in_a_row(server, reader):
    return [await reader.get(f"{server.url}/front/") for _ in range(4)]


async with httpx.AsyncClient() as reader:
    shared = httpx.AsyncClient()
    async with site.serve("wsgi", threads=1) as server:
        under_wsgi = await four_in_a_row(server, reader)
    shared = httpx.AsyncClient()
    async with site.serve("asgi") as server:
        under_asgi = await four_in_a_row(server, reader)
print("WSGI", [response.status_code for response in under_wsgi], under_wsgi[1].json())
print("ASGI", [response.status_code for response in under_asgi])

# %%
assert [response.status_code for response in under_wsgi] == [200, 500, 200, 500]
assert under_wsgi[1].json() == {"error": "Event loop is closed"}
assert [response.status_code for response in under_asgi] == [200] * 4

# %% [markdown]
# A client keeps open connections, and a connection belongs to the loop on which it was opened. **One client for one
# loop.** Under ASGI that can be one for the whole site. Under WSGI it is one for each request, opened in the view with
# `async with`, as in all the views above.

# %% [markdown]
# ## Try (4 min)
#
# Drag an option to its blank; or click a blank, then an option; or use the keyboard: Tab to a blank, then the
# number of the option. Three attempts each, and hints if you ask for them.

# %%
tried = quiz("04_fan_out", "try")
tried

# %% [markdown]
# And now run it, with whatever you put into the blanks when you last pressed *Check*. Right or wrong, see what
# Python says.

# %%
await tried.run()

# %% [markdown]
# ## Challenge (14 min)
#
# Three pages were made to fan out last week. Their sources take 0.3, 0.1, 0.4 and 0.2 s. This is what came in since:
#
# | page | symptom |
# | --- | --- |
# | `/front/` | Takes a second. The wire says: we never see more than one call of yours at one time. |
# | `/morning/` | The wire says: we had agreed on two at one time. You send four. |
# | `/ticker/` | Readers say: the sources jump about. Harbour belongs first, coast last. |
#
# No error in any log. Change the views below, run the cell, then run the check.

# %% id="fix04-serial-fan-out" tags=["answer"]
FOUR = ["harbour", "hill", "night", "coast"]


async def fetch(client, name):
    answer = await client.get(newswire.url(name))
    return answer.json()


async def front_of_four(request):
    documents = []
    async with httpx.AsyncClient() as client, asyncio.TaskGroup() as group:
        for name in FOUR:
            task = group.create_task(fetch(client, name))
            documents.append(await task)
    return JsonResponse({"sources": documents})


async def fetch_politely(client, name):
    async with asyncio.Semaphore(2):
        return await fetch(client, name)


async def morning(request):
    async with httpx.AsyncClient() as client:
        documents = await asyncio.gather(*(fetch_politely(client, name) for name in FOUR))
    return JsonResponse({"sources": documents})


async def ticker(request):
    documents = []
    async with httpx.AsyncClient() as client:
        for earliest in asyncio.as_completed([fetch(client, name) for name in FOUR]):
            documents.append(await earliest)
    return JsonResponse({"sources": documents})


site.urlpatterns = [
    path("front/", front_of_four),
    path("morning/", morning),
    path("ticker/", ticker),
]

# %%
await check("fix04_serial_fan_out", site)

# %% [markdown]
# Stuck? `from course_support import hint`, then `hint("fix04_serial_fan_out")` gives one hint at a time.

# %% [markdown]
# ## Project (21 min)
#
# Newsdesk gets its front page: eight sources, at most four calls at one time, in your order, over four connections.
#
# The check holds the wire's answers back, counts who stands there, and lets them go one by one. So it knows that four
# came and a fifth did not, on a quick machine and on a slow one.
#
# One decision has been made for you. When a source fails, the page is an error. A page with a hole in it that nobody
# notices would be worse, and a page that says which source is missing needs a deadline too: that is lesson 5.
#
# Open [exercise 4](../exercises/ex04_fan_out.ipynb). It takes about twenty minutes.

# %% [markdown]
# ## Recall (7 min)
#
# Eight cards. Say the answer to yourself, turn the card, then say how it went, by its buttons or the keys 1 to 4. A card
# that you missed is due tomorrow, one that you knew in a few days, and later each time; the next lessons open with those
# that are due. A question that you did not solve makes the cards of its objective due at once. On another day this cell
# asks only for what is due by then.

# %%
quiz.due("04_fan_out")

# %% [markdown]
# And one without a card: write it down, then compare.

# %%
quiz("04_fan_out", "bound_from_memory")

# %% [markdown]
# ## Cost (8 min)
#
# Two questions for this machine. First: what does a client cost? A view that asks its six sources, two at one time, can
# open one client and hand it to all its calls. It would be shorter to open one in the helper, for each call.

# %%
quiz("04_fan_out", "connections_of_one_client")


# %%
async def ask_politely(client, limit, name):
    async with limit:
        return await ask(client, name)


async def limited(request):
    limit = asyncio.Semaphore(2)
    async with httpx.AsyncClient() as client:
        documents = await asyncio.gather(*(ask_politely(client, limit, name) for name in NAMES))
    return JsonResponse({"sources": documents})


# %%
async def ask_alone(limit, name):
    async with limit, httpx.AsyncClient() as client:
        return await ask(client, name)


async def client_for_each_call(request):
    limit = asyncio.Semaphore(2)
    documents = await asyncio.gather(*(ask_alone(limit, name) for name in NAMES))
    return JsonResponse({"sources": documents})


site.urlpatterns = [path("one/", limited), path("six/", client_for_each_call)]
for words, address in [("one client", "/one/"), ("a client for each call", "/six/")]:
    took_s, seen = await measure(address)
    print(f"{words:22} {took_s:.2f} s, connections: {seen.opened} opened, {seen.reused} reused")

# %%
one, six = [(await measure(address))[1] for address in ("/one/", "/six/")]
assert (one.opened, one.reused) == (2, 4)
assert (six.opened, six.reused) == (6, 0)

# %% [markdown]
# Two calls at one time need two connections, and the client uses them again. Six clients open six. And a client is not
# cheap to make: it loads the certificates for TLS, also when all addresses are `http`. `verify=False` leaves that out,
# here for the comparison only.


# %%
async def seconds_to_make(count=10, **options):
    start_s = time.perf_counter()
    for _ in range(count):
        await httpx.AsyncClient(**options).aclose()
    return (time.perf_counter() - start_s) / count


await seconds_to_make(1)  # a warm-up, not counted
client_s, bare_s = await seconds_to_make(), await seconds_to_make(verify=False)
print(f"a client takes {client_s * 1000:.1f} ms to make, without TLS {bare_s * 1000:.1f} ms")

# %%
assert client_s > 2 * bare_s

# %% [markdown]
# That time is computing, on the loop, with nobody else served meanwhile. Under ASGI a client that lives as long as the
# loop spares it for each request; Django has no hook for the start and the end of the server, so such a client is made
# when it is first needed.
#
# Second: you promised the wire two calls at one time. Then three readers come. Note your guess; the run measures it.

# %%
guess = quiz("04_fan_out", "three_readers_of_a_fan_out")
guess


# %%
async def readers_at_the_wire(view, readers=3):
    site.urlpatterns = [path("page/", view)]
    start_s = time.perf_counter()
    await asyncio.gather(*(site.get("/page/") for _ in range(readers)))
    return time.perf_counter() - start_s, newswire.seen.since(start_s).peak


limited_readers_s, peak = await readers_at_the_wire(limited)
print(f"three readers {limited_readers_s:.2f} s, peak at the wire {peak}")

# %%
assert peak == 6
guess.measured(peak)

# %% [markdown]
# Each request keeps its promise, and the wire gets three times two. A limit in the request grows with the readers. If
# the promise is the site's, the semaphore has to be the site's too.

# %%
everyone = asyncio.Semaphore(2)


async def limited_for_all(request):
    async with httpx.AsyncClient() as client:
        documents = await asyncio.gather(*(ask_politely(client, everyone, name) for name in NAMES))
    return JsonResponse({"sources": documents})


shared_readers_s, shared_peak = await readers_at_the_wire(limited_for_all)
print(f"three readers {shared_readers_s:.2f} s, peak at the wire {shared_peak}")

# %%
assert shared_peak == 2
assert shared_readers_s > 1.5 * limited_readers_s

# %% [markdown]
# The wire is content, and the readers pay: eighteen calls through two places. Whose need comes first is not for a
# semaphore to decide. Note also how far this promise reaches: one process, one loop. Two server processes
# have two semaphores.

# %% [markdown]
# ## Test (12 min)
#
# Ten questions over all of this: four easy, three medium, three hard, drawn from the bank. One answer each and no
# hints; the reasons come after the answer, and at the end a verdict for each objective, with links to what to read
# again. Stop when you like: the test goes on where you left it. You need not have done the rest to start here.

# %%
quiz.test("04_fan_out")

# %% [markdown]
# Harder: `quiz.challenge("04_fan_out")` asks five, none of them easy. Its timer is off until you start it.

# %% [markdown]
# ## What you have now
#
# One page from many sources, as slow as the slowest and no slower; a gate that keeps a promise; a page that does not
# leave calls behind when one fails; and the knowledge that none of this needs ASGI, only a loop and something to await.
#
# What you do not have is patience with an end. A source that hangs still holds the whole page. The next lesson,
# *Deadlines, failure, and people who leave*, gives the page a budget.
