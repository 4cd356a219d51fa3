# %% [markdown]
# # Deadlines, failure, and people who leave
#
# **You will be able to** put a deadline on work, hand out a page although some of its sources fail, tidy up when the
# reader leaves, and say what no cancellation can reach.
#
# **You need** a fan-out, with `gather` or a `TaskGroup` ([lesson 4](04_fan_out.ipynb)).
#
# **It takes** 17 minutes for the first two ways in, and 115 for all ten. They build on each other from
# top to bottom, and each can be read alone: run the cells up to *Why*, then jump.
#
# | way in | minutes | what you do there |
# | --- | --- | --- |
# | [Why](<#Why-(6-min)>) | 6 | a source that drips, and two kinds of time limit |
# | [Learn](<#Learn-(11-min)>) | 11 | a deadline, a label, a tidy end |
# | [Visualize](<#Visualize-(9-min)>) | 9 | watch a reader leave |
# | [Deep](<#Deep-(20-min)>) | 20 | where a cancellation arrives, who hides it, and what it cannot reach |
# | [Try](<#Try-(4-min)>) | 4 | fill the blanks |
# | [Challenge](<#Challenge-(14-min)>) | 14 | three pages that do not end well |
# | [Project](<#Project-(26-min)>) | 26 | the front page gets a budget |
# | [Recall](<#Recall-(6-min)>) | 6 | ten cards |
# | [Cost](<#Cost-(7-min)>) | 7 | seats taken by people who left, and seconds that add up |
# | [Test](<#Test-(12-min)>) | 12 | ten questions, and a verdict for each objective |

# %%
import asyncio
import time
from contextlib import suppress

import django
import httpx
from django.http import JsonResponse
from django.urls import path

from course_support import Site, Timeline, check, lesson, newswire, quiz

site = Site()
print("Django", django.get_version(), "and httpx", httpx.__version__)


# %%
lesson("05_deadlines_and_cancellation")

# %% [markdown]
# Two helpers for all of this lesson. The first measures how long a reader waits. The second is a reader without
# patience, who closes the page after so many seconds.


# %%
async def visit(address, reader=site):
    start_s = time.perf_counter()
    response = await reader.get(address)
    return time.perf_counter() - start_s, response.json()


async def leave_early(address, reader=site, after_s=0.5):
    try:
        await reader.get(address, timeout=after_s)
    except httpx.ReadTimeout:
        return "left"
    return "stayed"


# %% [markdown]
# ## Why (6 min)
#
# A correspondent is on the line. He says a word, looks something up, says another word. You have a rule for such
# calls: hang up after half a minute of silence. It is a sensible rule, and with this man it keeps you on the line
# all night, for he is never silent for that long.
#
# "We have set a timeout" is such a rule. The source below sends its document in eight pieces, a quarter of a second
# apart, and the client has a timeout of 0.4 s. What does the view get, and when?

# %%
quiz("05_deadlines_and_cancellation", "timeout_of_a_drip")

# %%
DRIP = newswire.url("dripping", pieces=8, pause_s=0.25)


async def with_client_timeout(request):
    async with httpx.AsyncClient(timeout=0.4) as client:
        answer = await client.get(DRIP)
    return JsonResponse({"status": "ok", **answer.json()})


async def with_deadline(request):
    try:
        async with httpx.AsyncClient() as client, asyncio.timeout(0.4):
            answer = await client.get(DRIP)
    except TimeoutError:
        return JsonResponse({"status": "late"})
    return JsonResponse({"status": "ok", **answer.json()})


site.urlpatterns = [path("client/", with_client_timeout), path("deadline/", with_deadline)]

# %%
client_s, by_client = await visit("/client/")
deadline_s, by_deadline = await visit("/deadline/")
print(f"httpx, timeout=0.4     {client_s:.2f} s: {by_client['status']}")
print(f"asyncio.timeout(0.4)   {deadline_s:.2f} s: {by_deadline['status']}")

# %%
assert (by_client["status"], by_deadline["status"]) == ("ok", "late")
assert client_s > 2 * deadline_s

# %% [markdown]
# Both limits say 0.4 s, and they limit different things. httpx counts the seconds of *one* operation: to connect, to
# send, to read the next piece. Each piece sets its clock back. `asyncio.timeout` counts the seconds of the *block*,
# whatever happens in it, and when they are over the block is ended where it stands.
#
# Now for the case in which that fails too. The same deadline, round a call that does not await.

# %%
quiz("05_deadlines_and_cancellation", "deadline_round_a_blocking_call")


# %%
async def with_useless_deadline(request):
    try:
        async with asyncio.timeout(0.4):
            answer = httpx.get(newswire.url("slow", delay_s=1.0))
    except TimeoutError:
        return JsonResponse({"status": "late"})
    return JsonResponse({"status": "ok", **answer.json()})


site.urlpatterns = [path("useless/", with_useless_deadline)]
useless_s, blocked = await visit("/useless/")
print(f"a blocking call in asyncio.timeout(0.4): {useless_s:.2f} s, {blocked['status']}")

# %%
assert blocked["status"] == "ok"
assert useless_s > 1.5 * deadline_s

# %% [markdown]
# A second of a budget of 0.4 s, and nobody complains. The alarm clock of `asyncio.timeout` stands on the event loop,
# and `httpx.get` had the loop. A deadline reaches a coroutine where it awaits, and nowhere else.

# %% [markdown]
# ## Learn (11 min)
#
# ### One call, one deadline, one label
#
# A reader who gets three sources of four is better served than one who gets an error. And a page that says which
# source is missing, and why, can be trusted. So each call gets a deadline and gives back an entry, in any case.

# %%
BUDGET_S = 0.8


async def ask(client, name):
    headlines = []
    try:
        async with asyncio.timeout(BUDGET_S):
            answer = await client.get(newswire.url(name))
            headlines = answer.raise_for_status().json()["headlines"]
        status = "ok"
    except TimeoutError:
        status = "late"
    except (httpx.HTTPError, ValueError):
        status = "failed"
    return {"source": name, "status": status, "headlines": headlines}


# %% [markdown]
# Hill answers after 0.1 s, coast after 0.2 s. `failing` answers with a 503, and `hanging` never does. What does the
# reader see, and when?

# %%
quiz("05_deadlines_and_cancellation", "page_of_four")

# %%
FOUR = ["hill", "failing", "hanging", "coast"]


async def front(request):
    async with httpx.AsyncClient() as client, asyncio.TaskGroup() as group:
        tasks = [group.create_task(ask(client, name)) for name in FOUR]
    return JsonResponse({"sources": [task.result() for task in tasks]})


site.urlpatterns = [path("front/", front)]
front_s, page = await visit("/front/")
for entry in page["sources"]:
    print(f"{entry['source']:8} {entry['status']:7} {', '.join(entry['headlines'])}")
print(f"all of it after {front_s:.2f} s")

# %%
assert [entry["status"] for entry in page["sources"]] == ["ok", "failed", "late", "ok"]
assert BUDGET_S <= front_s < 3 * BUDGET_S

# %% [markdown]
# `TimeoutError` is the deadline's. `httpx.HTTPError` stands above everything that goes wrong with a call, from a
# refused connection to `raise_for_status`. `ValueError` is an answer that is no JSON. Nothing else is caught: a
# mistake of your own should still be an error.
#
# ### Where the deadline stands
#
# It would be shorter to put one deadline round all calls.

# %%
quiz("05_deadlines_and_cancellation", "deadline_round_all")


# %%
async def fetch(client, name):
    return (await client.get(newswire.url(name))).json()


async def all_or_nothing(request):
    documents = []
    try:
        async with httpx.AsyncClient() as client, asyncio.timeout(BUDGET_S):
            calls = [fetch(client, name) for name in ("hill", "hanging", "coast")]
            documents = await asyncio.gather(*calls)
    except TimeoutError:
        pass  # the page shows what there is
    return JsonResponse({"sources": documents})


site.urlpatterns = [path("all_or_nothing/", all_or_nothing)]
start_s = time.perf_counter()
_, page = await visit("/all_or_nothing/")
answered = [call.source for call in newswire.seen.since(start_s).calls if call.answered_s]
print("answered by the wire:", sorted(answered))
print("shown on the page:   ", page["sources"])

# %%
assert sorted(answered) == ["coast", "hill"]
assert page["sources"] == []

# %% [markdown]
# What was there is lost: the deadline ends the `gather`, and with it the list that would have had the two. A deadline
# costs whatever its block has not handed over yet. Make the block as small as what you can do without.
#
# ### People who leave
#
# A reader closes the page. The server notices, Django is told, and Django *cancels* the view: at the `await` where it
# stands, `asyncio.CancelledError` is raised. What must be undone in any case goes into `finally`.

# %%
quiz("05_deadlines_and_cancellation", "what_the_view_gets")

# %%
notes = []


async def patient(request):
    notes.append("begins")
    try:
        async with httpx.AsyncClient() as client:
            answer = await client.get(newswire.url("hanging"))
        notes.append("has its answer")
        return JsonResponse(answer.json())
    except asyncio.CancelledError:
        notes.append("hears that the reader has left")
        raise
    finally:
        notes.append("tidies up")


site.urlpatterns = [path("patient/", patient)]
notes.clear()
start_s = time.perf_counter()
with newswire.hold("hanging") as held:
    await leave_early("/patient/")
    await held.left(1)  # until the wire has noticed
seen = newswire.seen.since(start_s)
print("the view:", ", ".join(notes))
print("the wire:", seen.dropped, "call dropped,", seen.in_flight, "in flight")

# %%
assert notes == ["begins", "hears that the reader has left", "tidies up"]
assert (seen.dropped, seen.in_flight) == (1, 0)

# %% [markdown]
# The call at the wire went with its reader, and nobody had to say so: the exception left `async with` of the client,
# which closed the connection. Note the bare `raise`. Why it matters is the subject of
# [Deep](<#Deep-(20-min)>).

# %% [markdown]
# ## Visualize (9 min)
#
# A view waits in a `TaskGroup` for two sources. Hill answers after 0.1 s, the other one never. After 0.8 s the reader
# leaves. In which order do things happen?

# %%
quiz("05_deadlines_and_cancellation", "order_of_a_cancellation")

# %%
timeline = Timeline()


async def call(client, name):
    timeline.mark(name, "asks", waiting=True)
    try:
        await client.get(newswire.url(name))
        timeline.mark(name, "has it")
    except asyncio.CancelledError:
        timeline.mark(name, "is cancelled")
        raise


async def watched(request):
    timeline.mark("view", "starts", waiting=True)
    try:
        async with httpx.AsyncClient() as client, asyncio.TaskGroup() as group:
            for name in ("hill", "hanging"):
                group.create_task(call(client, name))
    except asyncio.CancelledError:
        timeline.mark("view", "is cancelled")
        raise
    finally:
        timeline.mark("view", "tidies up")
    return JsonResponse({})


# %%
async def impatient():
    timeline.mark("reader", "asks", waiting=True)
    asking = asyncio.create_task(site.get("/watched/"))
    await asyncio.sleep(0.8)
    timeline.mark("reader", "leaves")
    asking.cancel()
    await asyncio.wait({asking})


site.urlpatterns = [path("watched/", watched)]
timeline.clear()
await impatient()
print("the end:", ", ".join(timeline.order()[-4:]))
timeline

# %%
order = timeline.order()
end = ["reader leaves", "hanging is cancelled", "view is cancelled", "view tidies up"]
assert [event for event in order if event in end] == end
assert "hill has it" in order

# %% [markdown]
# From the inside out. The view stands at the end of its group, so the group hears first: it cancels the tasks it still
# has, waits until they are gone, and only then does the view's own `except` have its turn. Hill hears
# nothing: what is done is done.
#
# The same two sources, and a reader who stays. This time the calls have a deadline of 0.5 s.

# %%
quiz("05_deadlines_and_cancellation", "what_a_deadline_leaves")


# %%
async def call_in_time(client, name):
    try:
        async with asyncio.timeout(0.5):
            await call(client, name)
    except TimeoutError:
        timeline.mark(name, "is late")


async def bounded(request):
    timeline.mark("view", "starts", waiting=True)
    async with httpx.AsyncClient() as client, asyncio.TaskGroup() as group:
        for name in ("hill", "hanging"):
            group.create_task(call_in_time(client, name))
    timeline.mark("view", "answers")
    return JsonResponse({})


site.urlpatterns = [path("bounded/", bounded)]
timeline.clear()
await visit("/bounded/")
timeline

# %%
order = timeline.order()
end = ["hill has it", "hanging is cancelled", "hanging is late", "view answers"]
assert [event for event in order if event in end] == end

# %% [markdown]
# "Is cancelled" stands in both pictures. A deadline *is* a cancellation: an alarm clock cancels the task, and
# `asyncio.timeout` turns the `CancelledError` that comes out of its block into a `TimeoutError`. The view was never
# cancelled and answers as if nothing had been.

# %% [markdown]
# ## Deep (20 min)
#
# A mental model in three sentences. A cancellation is an exception that somebody else raises in your coroutine. It needs
# an `await` to arrive at. And like any exception it goes outward from there, until somebody catches it.
#
# One experiment for each. The last two below, on groups of errors and on work that has to be finished, can wait for a
# second reading: neither the Challenge nor the Project needs them.
#
# ### It needs an await to arrive at
#
# Three views behind uvicorn, each with a second of work and a note at its end. Three readers leave after 0.5 s.

# %%
quiz("05_deadlines_and_cancellation", "who_runs_on")

# %%
reached = []


def work(name):
    time.sleep(1.0)
    reached.append(name)


async def awaiting(request):
    await asyncio.sleep(1.0)
    reached.append("an async view")
    return JsonResponse({})


def plain(request):
    work("a plain view")
    return JsonResponse({})


async def threaded(request):
    await asyncio.to_thread(work, "a thread")
    reached.append("the view that waits for the thread")
    return JsonResponse({})


# %%
site.urlpatterns = [
    path("awaiting/", awaiting),
    path("plain/", plain),
    path("threaded/", threaded),
]
reached.clear()
async with site.serve("asgi") as server, httpx.AsyncClient() as reader:
    pages = [f"{server.url}/{name}/" for name in ("awaiting", "plain", "threaded")]
    left = await asyncio.gather(*(leave_early(page, reader) for page in pages))
    async with asyncio.timeout(10):
        while len(reached) < 2:
            await asyncio.sleep(0.1)
    await asyncio.sleep(0.3)  # time enough for the others, if they still ran
print("readers:            ", left)
print("reached their end:  ", sorted(reached))

# %%
assert left == ["left"] * 3
assert sorted(reached) == ["a plain view", "a thread"]

# %% [markdown]
# The async view was ended at its `await`. So was the view that waits for the thread; but the thread itself works on for
# nobody. Python cannot raise an exception in the middle of `time.sleep`, and a plain view has no `await` at all. If a
# thread may take long, give it a way to be asked: a flag that it looks at, or a deadline of its own.
#
# ### Somebody must notice
#
# Three calls are held at the wire, and the reader leaves: once behind uvicorn, once behind waitress.

# %%
quiz("05_deadlines_and_cancellation", "who_drops_the_calls")

# %%
THREE = ["harbour", "hill", "coast"]


async def fetch(client, name):
    return (await client.get(newswire.url(name))).json()


async def three(request):
    async with httpx.AsyncClient() as client:
        documents = await asyncio.gather(*(fetch(client, name) for name in THREE))
    return JsonResponse({"sources": documents})


async def dropped_behind(kind):
    async with site.serve(kind) as server, httpx.AsyncClient() as reader:
        with newswire.hold(*THREE) as held:
            asking = asyncio.create_task(reader.get(f"{server.url}/three/"))
            await held.arrived(3)
            asking.cancel()
            with suppress(TimeoutError):  # then they are still there
                await held.left(3, limit_s=0.5)
            return sum(call.left_s is not None for call in held.calls)


site.urlpatterns = [path("three/", three)]
dropped = {kind: await dropped_behind(kind) for kind in ("asgi", "wsgi")}
print("calls dropped at the wire:", dropped)

# %%
assert dropped == {"asgi": 3, "wsgi": 0}

# %% [markdown]
# Under ASGI the server hands Django a message, `http.disconnect`. Django listens for it while the view runs:

# %%
import inspect

from django.core.handlers.asgi import ASGIHandler

print(inspect.getsource(ASGIHandler.listen_for_disconnect).rstrip())

# %% [markdown]
# WSGI has no such message. The worker calls a function and waits for what it returns, and the function has no ear for
# the socket. The three calls are made for a reader who is gone.
#
# ### Whoever catches it ends it
#
# A cancellation can be caught like any exception. By which clauses?

# %%
quiz("05_deadlines_and_cancellation", "which_except_hides_it")


# %%
async def by_exception():
    try:
        await asyncio.sleep(10)
    except Exception:
        return "goes on"


async def by_base_exception():
    try:
        await asyncio.sleep(10)
    except BaseException:
        return "goes on"


async def by_name_and_raised():
    try:
        await asyncio.sleep(10)
    except asyncio.CancelledError:
        raise


async def by_name():
    try:
        await asyncio.sleep(10)
    except asyncio.CancelledError:
        return "goes on"


# %%
async def obeys(work):
    task = asyncio.create_task(work())
    await asyncio.sleep(0)  # it has come to its await
    task.cancel()
    await asyncio.wait({task})
    return task.cancelled()


works = [by_exception, by_base_exception, by_name_and_raised, by_name]
obeyed = {work.__name__: await obeys(work) for work in works}
obeyed

# %%
assert list(obeyed.values()) == [True, False, True, False]

# %% [markdown]
# `CancelledError` is a `BaseException` and no `Exception`, so the first clause lets it through. The second and the fourth
# keep it, and their tasks end as if nobody had asked them to stop. What that costs is seen in a view that goes on. This
# one tries again when anything fails, and takes a reader who leaves for a failure.


# %%
async def stubborn(request):
    async with httpx.AsyncClient() as client:
        for _ in range(2):
            try:
                return JsonResponse((await client.get(newswire.url("coast"))).json())
            except BaseException:
                pass  # try again
    return JsonResponse({"status": "failed"})


site.urlpatterns = [path("stubborn/", stubborn)]
async with site.serve("asgi") as server, httpx.AsyncClient() as reader:
    with newswire.hold("coast") as held:
        await leave_early(f"{server.url}/stubborn/", reader)
        await held.left(1)
        await held.arrived(2)
        asked = [call.left_s is None for call in held.calls]
print("the reader has left, and still at the wire:", sum(asked), "of", len(asked), "calls")

# %%
assert asked == [False, True]

# %% [markdown]
# The first call was dropped when the reader left, and the second was made *because* the reader left. Catch
# `CancelledError` to take a note, and `raise` it again.
#
# ### A group of errors is no place to return from
#
# When a task of a `TaskGroup` fails on its own, an `ExceptionGroup` comes out. It may hold several kinds of error, and
# `except*` takes one kind out of it. Here is a view that returns as soon as it has found its kind.

# %%
quiz("05_deadlines_and_cancellation", "return_in_except_star")

# %%
IMPATIENT = """
async def page(request):
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(ask("failing"))
    except* httpx.HTTPError:
        return JsonResponse({"status": "failed"})
"""
try:
    compile(IMPATIENT, "a view", "exec")
except SyntaxError as error:
    refused = error.msg
print(refused)

# %%
assert "return" in refused and "except*" in refused

# %% [markdown]
# Several `except*` blocks may have to run for one group, so none of them may leave. Set a name in the block and return
# after it. Or catch the error in the task itself, as `ask` does above: then
# no group of errors comes about.
#
# ### Something that has to be finished
#
# Taking a vote has two steps, and a reader who leaves in between would be half counted. `asyncio.shield` puts the work
# into a task of its own: the waiting is cancelled, the work is not.

# %%
quiz("05_deadlines_and_cancellation", "shielded_vote")

# %%
ledger, kept = [], set()


async def take_vote(kind):
    ledger.append(f"{kind} taken")
    await asyncio.sleep(0.6)
    ledger.append(f"{kind} entered")


async def bare(request):
    await take_vote("bare")
    return JsonResponse({})


async def shielded(request):
    vote = asyncio.create_task(take_vote("shielded"))
    kept.add(vote)  # a task that nobody holds may be thrown away
    vote.add_done_callback(kept.discard)
    await asyncio.shield(vote)
    return JsonResponse({})


site.urlpatterns = [path("bare/", bare), path("shielded/", shielded)]
ledger.clear()
await asyncio.gather(*(leave_early(f"/{kind}/", after_s=0.3) for kind in ("bare", "shielded")))
await asyncio.gather(*kept)
ledger

# %%
assert ledger == ["bare taken", "shielded taken", "shielded entered"]

# %% [markdown]
# Use it for what is short and must be whole, and for nothing else: what is shielded from the reader is shielded from
# your deadline as well.

# %% [markdown]
# ## Try (4 min)
#
# Drag an option to its blank; or click a blank, then an option; or use the keyboard: Tab to a blank, then the
# number of the option. Three attempts each, and hints if you ask for them.

# %%
tried = quiz("05_deadlines_and_cancellation", "try")
tried

# %% [markdown]
# And now run it, with whatever you put into the blanks when you last pressed *Check*. Right or wrong, see what
# Python says.

# %%
await tried.run()

# %% [markdown]
# ## Challenge (14 min)
#
# Three pages, each with a time limit or a second try, and each with a complaint:
#
# | page | symptom |
# | --- | --- |
# | `/front/` | "Half a second at most", says its author. Yesterday the market sent its news in drops, and readers waited for ten seconds. |
# | `/morning/` | One source hangs, and the page says that all three are late. The wire says: we had answered you twice. |
# | `/ticker/` | The wire says: you ask harbour again and again, long after your reader has gone. |
#
# The ticker may go on trying when harbour fails; that is what it is for. Change the views below, run the cell, then
# run the check.

# %% id="fix05-endless-pages" tags=["answer"]
LIMIT_S = 0.5


async def document_of(client, name):
    answer = await client.get(newswire.url(name))
    answer.raise_for_status()
    return {"source": name, "status": "ok", "headlines": answer.json()["headlines"]}


async def front_of_market(request):
    try:
        async with httpx.AsyncClient(timeout=LIMIT_S) as client:
            entry = await document_of(client, "market")
    except httpx.TimeoutException:
        entry = {"source": "market", "status": "late", "headlines": []}
    return JsonResponse({"sources": [entry]})


async def morning(request):
    names = ["hill", "coast", "valley"]
    try:
        async with httpx.AsyncClient() as client, asyncio.timeout(LIMIT_S):
            entries = await asyncio.gather(*(document_of(client, name) for name in names))
    except TimeoutError:
        entries = [{"source": name, "status": "late", "headlines": []} for name in names]
    return JsonResponse({"sources": entries})


async def ticker(request):
    async with httpx.AsyncClient() as client:
        while True:
            try:
                return JsonResponse(await document_of(client, "harbour"))
            except BaseException:
                await asyncio.sleep(0.05)  # then try again


site.urlpatterns = [
    path("front/", front_of_market),
    path("morning/", morning),
    path("ticker/", ticker),
]

# %%
await check("fix05_endless_pages", site)

# %% [markdown]
# Stuck? `from course_support import hint`, then `hint("fix05_endless_pages")` gives one hint at a time.

# %% [markdown]
# ## Project (26 min)
#
# Newsdesk's front page gets a budget of one second, a label for each source, and a desk that knows how many
# readers have left.
#
# The check holds answers back for good and lets others drip. It never asks whether your page was quick enough; it asks
# whether the page was there although the source was not, and who is still at the wire when the reader has gone.
#
# Open [exercise 5](../exercises/ex05_deadlines.ipynb). It takes about twenty-five minutes.

# %% [markdown]
# ## Recall (6 min)
#
# Ten cards. Say the answer to yourself, turn the card, then say how it went, by its buttons or the keys 1 to 4. A card
# that you missed is due tomorrow, one that you knew in a few days, and later each time; the next lessons open with those
# that are due. A question that you did not solve makes the cards of its objective due at once. On another day this cell
# asks only for what is due by then.

# %%
quiz.due("05_deadlines_and_cancellation")

# %% [markdown]
# ## Cost (7 min)
#
# Two questions for this machine. First: what does a reader cost who has left? A page takes 1.5 s, and there are two seats:
# two threads behind waitress. Two readers open the page and leave after 0.4 s. Then a third wants a page that takes
# no time at all.

# %%
quiz("05_deadlines_and_cancellation", "seats_of_those_who_left")


# %%
async def long(request):
    await asyncio.sleep(1.5)
    return JsonResponse({})


async def short(request):
    return JsonResponse({"status": "ok"})


async def third_reader(kind, **options):
    async with site.serve(kind, **options) as server, httpx.AsyncClient() as reader:
        await visit(f"{server.url}/short/", reader)  # a warm-up, not counted
        pages = [f"{server.url}/long/"] * 2
        await asyncio.gather(*(leave_early(page, reader, after_s=0.4) for page in pages))
        return (await visit(f"{server.url}/short/", reader))[0]


site.urlpatterns = [path("long/", long), path("short/", short)]
pool_s = await third_reader("wsgi", threads=2)
loop_s = await third_reader("asgi")
print(f"the third reader waits {pool_s:.2f} s behind two threads, {loop_s:.3f} s behind a loop")

# %%
assert pool_s > 3 * loop_s

# %% [markdown]
# Behind waitress the two who left keep their seats until their pages are done. A reader who presses
# *reload* takes another one each time. A page that can end early gives its seat back.
#
# Second: what becomes of a budget behind a gate? Six sources hang, two calls at one time, and each call has 0.4 s from
# the moment when it is through the gate. Note your guess; the run measures it.

# %%
guess = quiz("05_deadlines_and_cancellation", "budgets_behind_a_gate")
guess


# %%
async def hang(client, limit, deadline_s):
    try:
        async with asyncio.timeout_at(deadline_s), limit, asyncio.timeout(0.4):
            await client.get(newswire.url("hanging"))
    except TimeoutError:
        return "late"


async def seconds_for_six(budget_s=None):
    limit = asyncio.Semaphore(2)
    async with httpx.AsyncClient() as client:
        start_s = time.perf_counter()
        deadline_s = asyncio.get_running_loop().time() + budget_s if budget_s else None
        await asyncio.gather(*(hang(client, limit, deadline_s) for _ in range(6)))
        return time.perf_counter() - start_s


each_s = await seconds_for_six()
common_s = await seconds_for_six(budget_s=0.4)
print(f"0.4 s for each call   {each_s:.2f} s")
print(f"one moment for all    {common_s:.2f} s")

# %%
assert each_s > 2 * common_s
guess.measured(each_s)

# %% [markdown]
# Each call keeps its promise, and the page takes three times as long. A budget of the page is a moment, not a
# duration: `asyncio.timeout_at(deadline)`, with one deadline made in the view and handed to every call. It
# then also counts the time that a call spends at the gate.

# %% [markdown]
# ## Test (12 min)
#
# Ten questions over all of this: four easy, three medium, three hard, drawn from the bank. One answer each and no
# hints; the reasons come after the answer, and at the end a verdict for each objective, with links to what to read
# again. Stop when you like: the test goes on where you left it. You need not have done the rest to start here.

# %%
quiz.test("05_deadlines_and_cancellation")

# %% [markdown]
# Harder: `quiz.challenge("05_deadlines_and_cancellation")` asks five, none of them easy. Its timer is off
# until you start it.

# %% [markdown]
# ## What you have now
#
# A page that is there when its time is over, with what there is and a word about what there is not. Views that end when
# nobody waits for them, in order, with their calls. And a list of what does not end: threads, plain views, whatever is
# shielded, and everything behind a server that does not look.
#
# So far the news came from the wire. The next lesson, *The ORM, properly*, asks the database.
