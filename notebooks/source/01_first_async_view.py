# %% [markdown]
# # A view that waits
#
# **You will be able to** write an async view, tell a coroutine from its result, and read the messages that
# Python and Django give about a missing or a needless `await`.
#
# **You need** Python functions, and one Django view that you have written before.
#
# **It takes** 14 minutes for the first two ways in, and 85 for all ten. They build on each other from
# top to bottom, and each can be read alone: run the cells up to *Why*, then jump.
#
# | way in | minutes | what you do there |
# | --- | --- | --- |
# | [Why](<#Why-(5-min)>) | 5 | predict three waits, measure them, see the same code fail |
# | [Learn](<#Learn-(9-min)>) | 9 | the smallest async view, and four messages that shout |
# | [Visualize](<#Visualize-(5-min)>) | 5 | watch two requests take turns |
# | [Deep](<#Deep-(9-min)>) | 9 | what Django asks of your view, and what `await` really does |
# | [Try](<#Try-(6-min)>) | 6 | fill the blanks, mend a view |
# | [Challenge](<#Challenge-(11-min)>) | 11 | three endpoints, three symptoms, three edits |
# | [Project](<#Project-(16-min)>) | 16 | the first page of your news site |
# | [Recall](<#Recall-(5-min)>) | 5 | eight cards |
# | [Cost](<#Cost-(7-min)>) | 7 | what an async view costs on this machine |
# | [Test](<#Test-(12-min)>) | 12 | ten questions, and a verdict for each objective |

# %%
import asyncio
import gc
import threading
import time

from django.http import HttpResponse, JsonResponse
from django.urls import path

from course_support import Site, Timeline, check, lesson, newswire, quiz

site = Site()

# %%
lesson("01_first_async_view")

# %% [markdown]
# `site` is Django itself, running in the process of this notebook. Whatever you put into `site.urlpatterns`
# is served at once; `await site.get("/address/")` sends a request through Django's own ASGI handler and gives
# you the response. This helper sends many requests at the same moment, and says after how long the last one has
# its answer. (`gather` runs them side by side; lesson 4 is about it.)


# %%
async def seconds_for(readers, address="/headlines/"):
    start = time.perf_counter()
    await asyncio.gather(*(site.get(address) for _ in range(readers)))
    return time.perf_counter() - start


# %% [markdown]
# ## Why (5 min)
#
# Your news site shows headlines that come from somewhere else: a wire service. The wire takes half a second
# to answer. Your view asks, and then has nothing to do for half a second.
#
# One reader does not mind. Now three readers come at the same moment, and the question is what your server
# does with the half second of the first. It can stand beside the telephone. Or it can take the next call.
#
# Predict, then run.

# %%
quiz("01_first_async_view", "three_readers")


# %%
async def headlines(request):
    await asyncio.sleep(0.5)  # the wire thinks
    return HttpResponse("three stories")


site.urlpatterns = [path("headlines/", headlines)]

# %%
one_s = await seconds_for(1)
three_s = await seconds_for(3)
print(f"one reader    {one_s:.2f} s")
print(f"three readers {three_s:.2f} s, {three_s / one_s:.1f} times as long")

# %%
assert three_s < 2 * one_s

# %% [markdown]
# Three readers wait hardly longer than one. At `await` the first request hands the event loop back, the loop
# takes up the second, then the third, and all three waits run side by side in one thread.
#
# Now for the case in which it fails. The word `async` stays; only the wait is another one.


# %%
async def headlines_blocking(request):
    time.sleep(0.5)
    return HttpResponse("three stories")


site.urlpatterns = [path("headlines/", headlines_blocking)]
blocking_s = await seconds_for(3)
print(f"three readers {blocking_s:.2f} s, {blocking_s / one_s:.1f} times as long as one")

# %%
assert blocking_s > 1.5 * three_s

# %% [markdown]
# `time.sleep` knows nothing of the loop and keeps its thread. The three readers queue, although the view is
# declared `async`. **The keyword permits a view to give way. Only an `await` that really waits makes it do so.**
#
# And the plain view that you have always written, with `def` and `time.sleep`?


# %%
def headlines_plain(request):
    time.sleep(0.5)
    return HttpResponse("three stories")


site.urlpatterns = [path("headlines/", headlines_plain)]
plain_s = await seconds_for(3)
print(f"three readers {plain_s:.2f} s, {plain_s / one_s:.1f} times as long as one")

# %%
assert plain_s < 2 * one_s

# %% [markdown]
# It keeps up. Under ASGI, Django runs each plain view in a thread of its request, and threads wait side by
# side too. So async is not the only way to overlap waits. What it saves, and what it does not, is measured in
# [Cost](<#Cost-(7-min)>) and in the next lesson.

# %% [markdown]
# ## Learn (9 min)
#
# ### One word
#
# This is a whole async view. `async` before `def`: no decorator, no setting, no other base class.


# %%
async def hello(request):
    return HttpResponse("hello")


site.urlpatterns = [path("hello/", hello)]
response = await site.get("/hello/")
response.status_code, response.text

# %% [markdown]
# It has no `await` in it, and it need not have one. What changed is what *calling* it means. Predict first.

# %%
quiz("01_first_async_view", "calling_it")

# %%
log = []


async def story(request):
    log.append("looked it up")
    await asyncio.sleep(0.1)
    return HttpResponse("a story")


called = story(None)
print("the call gave a", type(called).__name__, "and the log holds", log)

awaited = await called
print("await gave an", type(awaited).__name__, "and the log holds", log)

# %%
assert log == ["looked it up"]

# %% [markdown]
# The call gives a **coroutine**: the body with its arguments, not started. `await` runs it and gives its
# result. When a request comes in, Django calls your view, gets the coroutine, and awaits it for the reader.
#
# ### Four messages that shout
#
# Nearly every first mistake with async is an `await` too few or too many. Python and Django report it, each
# time in other words. Meet them once on purpose, and you will know them for good.
#
# `raise_request_exception=False` shows both sides: the status that the reader sees, and the exception behind it.


# %%
async def status_and_error(view):
    site.urlpatterns = [path("x/", view)]
    response = await site.get("/x/", raise_request_exception=False)
    error = response.extensions.pop("view_exception", None)
    told = f"{type(error).__name__}: {error}" if error else "no error"
    del error
    gc.collect()  # lost coroutines are thrown away now, so that their warning appears here
    return response.status_code, told


async def look_up():
    await asyncio.sleep(0.01)
    return {"headline": "Ferry runs again"}


# %% [markdown]
# **Too many.** A response is an object that is complete once it is made. There is nothing in it to wait for.


# %%
async def awaited_response(request):
    return await HttpResponse("news")


status, error = await status_and_error(awaited_response)
status, error

# %%
assert "can't be used in 'await' expression" in error

# %% [markdown]
# **Too few, at the end.** An async helper builds the response, and its coroutine is returned as it is. Here
# Django itself tells you the edit.


# %% tags=["shows-warning"]
async def make_page():
    return HttpResponse("news")


async def not_awaited_return(request):
    return make_page()


status, error = await status_and_error(not_awaited_return)
status, error

# %%
assert "You may need to add an 'await' into your view" in error

# %% [markdown]
# **Too few, in the middle.** The helper's result is used, but what is there is a coroutine. Whenever a message
# says `'coroutine' object`, look for the call that made it, not for the line that tripped over it.


# %%
async def not_awaited_value(request):
    document = look_up()
    return HttpResponse(document["headline"])


status, error = await status_and_error(not_awaited_value)
status, error

# %%
assert "'coroutine' object is not subscriptable" in error

# %% [markdown]
# **Too few, inside a JSON.** The same mistake, found one step later.


# %% tags=["shows-warning"]
async def coroutine_in_json(request):
    return JsonResponse({"story": look_up()})


status, error = await status_and_error(coroutine_in_json)
status, error

# %%
assert "Object of type coroutine is not JSON serializable" in error

# %% [markdown]
# On the red ground stands a warning of Python's own: `coroutine ... was never awaited`. It names the coroutine; the
# line below it is the one at which the lost coroutine was thrown away, often far from the one that made it. It comes
# once for each place, so the second time it may stay away. Keep an eye out for it, because of the next one.
#
# ### One that whispers


# %% tags=["shows-warning"]
async def forgotten_sleep(request):
    asyncio.sleep(1)
    return HttpResponse("news")


site.urlpatterns = [path("x/", forgotten_sleep)]
start = time.perf_counter()
response = await site.get("/x/")
took_s = time.perf_counter() - start
print(response.status_code, response.text, f"after {took_s:.3f} s")

# %%
assert response.status_code == 200
assert took_s < 1

# %% [markdown]
# Status 200, no exception, and the second of sleep has not taken place. Nobody used the result of `asyncio.sleep`, so nothing broke; the
# coroutine was made and thrown away. Only the warning tells. A missing `await` before something whose *effect*
# you wanted, an e-mail, a log entry, a call to another service, is silent on the page.

# %% [markdown]
# ## Visualize (5 min)
#
# Two requests, A and B, arrive together at one view. The view leaves a mark on a timeline when it starts, when
# it begins to wait, and when it goes on. In which order will the marks come?

# %%
quiz("01_first_async_view", "order_of_two")

# %%
timeline = Timeline()


async def page(request, who):
    timeline.mark(who, "starts")
    timeline.mark(who, "waits", waiting=True)
    await asyncio.sleep(0.3)
    timeline.mark(who, "goes on")
    response = HttpResponse(who)
    timeline.mark(who, "returns")
    return response


site.urlpatterns = [path("page/<who>/", page)]

# %%
timeline.clear()
await asyncio.gather(site.get("/page/A/"), site.get("/page/B/"))
print(", ".join(timeline.order()))
timeline

# %%
assert timeline.order()[:4] == ["A starts", "A waits", "B starts", "B waits"]
woven_s = timeline.wall_s

# %% [markdown]
# The bars are nearly all waiting: what the view *does* is too short to see. Open the table under the picture.
# Both requests ran in the same thread, as two tasks; each kept the loop only between its marks.
#
# The same two readers, at the view that sleeps without `await`:


# %%
async def blocking_page(request, who):
    timeline.mark(who, "starts")
    timeline.mark(who, "sleeps")
    time.sleep(0.3)
    timeline.mark(who, "returns")
    return HttpResponse(who)


site.urlpatterns = [path("page/<who>/", blocking_page)]
timeline.clear()
await asyncio.gather(site.get("/page/A/"), site.get("/page/B/"))
print(", ".join(timeline.order()))
timeline

# %%
assert timeline.order().index("A returns") < timeline.order().index("B starts")
assert timeline.wall_s > 1.5 * woven_s

# %% [markdown]
# B starts when A has returned. Nothing in B's code is slow; A kept the loop, and B waited for that.

# %% [markdown]
# ## Deep (9 min)
#
# A mental model in three sentences. A coroutine is a function with a bookmark. `await` puts the bookmark in
# when there is something to wait for, and hands the event loop to whoever is next. Django runs the view on the
# loop if, and only if, the view is a coroutine function.
#
# A model is worth something when it could turn out wrong. Here is one experiment for each sentence.
#
# ### Django decides by looking at the function
#
# Where does each kind of view run?

# %%
quiz("01_first_async_view", "where_a_plain_view_runs")


# %%
def plain(request):
    return HttpResponse(threading.current_thread().name)


async def awaiting(request):
    return HttpResponse(threading.current_thread().name)


site.urlpatterns = [path("plain/", plain), path("awaiting/", awaiting)]
loop_thread = threading.current_thread().name
plain_thread = (await site.get("/plain/")).text
async_thread = (await site.get("/awaiting/")).text
print("this cell's loop:", loop_thread)
print("async view:      ", async_thread)
print("plain view:      ", plain_thread)

# %%
assert async_thread == loop_thread != plain_thread

# %% [markdown]
# The async view shares a thread with this very cell: the kernel's loop is the loop that serves the site. The
# plain view went to a thread. And this is where Django decides, in the version that you run:

# %%
import inspect

import django
from django.core.handlers.base import BaseHandler

source = inspect.getsource(BaseHandler._get_response_async).splitlines()
at = next(number for number, line in enumerate(source) if "iscoroutinefunction" in line)
print("Django", django.get_version())
print("\n".join(source[at - 2 : at + 8]))

# %% [markdown]
# It looks at the callable *before* it calls it. That has a consequence. Predict it.

# %%
quiz("01_first_async_view", "who_is_async")

# %% tags=["shows-warning"]
from asgiref.sync import iscoroutinefunction


async def story(request):
    return HttpResponse("a story")


def outer(request):
    return story(request)


class Desk:
    async def __call__(self, request):
        return HttpResponse("news")


views = {
    "story": story,
    "outer": outer,
    "a lambda": lambda request: story(request),
    "Desk()": Desk(),
}


async def status_of(view):
    site.urlpatterns = [path("x/", view)]
    return (await site.get("/x/", raise_request_exception=False)).status_code


statuses = {name: await status_of(view) for name, view in views.items()}
gc.collect()  # lost coroutines are thrown away now, so that their warning appears here
for name, view in views.items():
    print(f"{name:10} coroutine function: {iscoroutinefunction(view)!s:6} status: {statuses[name]}")

# %%
assert list(statuses.values()) == [200, 500, 500, 500]

# %% [markdown]
# Three callables that *give* a coroutine, and none of them is an async view. A plain decorator around an async
# view has the same fate as `outer`; lesson 9 comes back to that.
#
# ### `await` gives way only when there is something to wait for
#
# If each `await` handed the loop over, these two tasks would take turns.

# %%
lines = []


async def at_hand():
    return "story"


async def a_moment():
    await asyncio.sleep(0)


async def tell(who, wait):
    lines.append(f"{who}1")
    await wait()
    lines.append(f"{who}2")


lines.clear()
await asyncio.gather(tell("A", at_hand), tell("B", at_hand))
straight = list(lines)

lines.clear()
await asyncio.gather(tell("A", a_moment), tell("B", a_moment))
print("await something at hand: ", straight)
print("await a moment of sleep: ", lines)

# %%
assert straight == ["A1", "A2", "B1", "B2"]
assert lines == ["A1", "B1", "A2", "B2"]

# %% [markdown]
# `at_hand` returns at once, so A never let go. `asyncio.sleep(0)` says "whoever is next", even for no time at
# all. Between two awaits that really wait, your view has the loop to itself: nobody changes your variables
# there, and nobody else is served either.

# %% [markdown]
# ## Try (6 min)
#
# Drag an option to its blank; or click a blank, then an option; or use the keyboard: Tab to a blank, then the
# number of the option. Three attempts each, and hints if you ask for them. In the last one you
# type, with five attempts: your code is run, and judged by what the view then does.

# %%
tried = quiz("01_first_async_view", "try")
tried

# %% [markdown]
# And now run it, with whatever you put into the blanks when you last pressed *Check*. Right or wrong, see what
# Python says.

# %%
await tried.run()

# %% [markdown]
# ## Challenge (11 min)
#
# Someone has converted three endpoints to async in a hurry. Here is what came in this morning:
#
# | endpoint | symptom |
# | --- | --- |
# | `/story/` | Status 500. Log: `object JsonResponse can't be used in 'await' expression` |
# | `/front/` | Status 500. Log: `... It returned an unawaited coroutine instead.` |
# | `/notify/` | Status 200, nothing in the error log. The people at the wire say that they never get a call. |
#
# One edit mends each. Change the views below, run the cell, then run the check.

# %% id="fix01-three-awaits" tags=["answer"]
import httpx


async def ask_wire():
    async with httpx.AsyncClient() as client:
        answer = await client.get(newswire.url("quick"))
    return answer.json()


async def story(request):
    document = await ask_wire()
    return await JsonResponse(document)


async def make_front():
    document = await ask_wire()
    return JsonResponse({"front": document["headlines"]})


async def front(request):
    return make_front()


async def notify(request):
    ask_wire()
    return HttpResponse("The wire has been told.")


site.urlpatterns = [path("story/", story), path("front/", front), path("notify/", notify)]

# %% tags=["shows-warning"]
await check("fix01_three_awaits", site)

# %% [markdown]
# Stuck? `from course_support import hint`, then `hint("fix01_three_awaits")` gives one hint at a time.

# %% [markdown]
# ## Project (16 min)
#
# Through the course you build one application, **Newsdesk**: a news site that gathers stories from sources
# that are quick, slow, and sometimes broken. Today's increment is its first page.
#
# `/headlines/` asks the slow source of the newswire, waits without holding anybody up, and hands its JSON on.
# The newswire is a real HTTP server on this machine; the check talks to your page and to the wire, and never
# reads your code.
#
# Open [exercise 1](../exercises/ex01_first_view.ipynb). It takes about a quarter of an hour.

# %% [markdown]
# ## Recall (5 min)
#
# Eight cards. Say the answer to yourself, turn the card, then say how it went, by its buttons or the keys 1 to 4. A card
# that you missed is due tomorrow, one that you knew in a few days, and later each time; the next lessons open with those
# that are due. A question that you did not solve makes the cards of its objective due at once. On another day this cell
# asks only for what is due by then.

# %%
quiz.due("01_first_async_view")

# %% [markdown]
# ## Cost (7 min)
#
# Two questions, and this machine answers them. First: what does the keyword itself cost or save, for a page
# that never waits?

# %%
quiz("01_first_async_view", "one_reader_alone")

# %%
import statistics


def quick_plain(request):
    return HttpResponse("page")


async def quick_async(request):
    return HttpResponse("page")


site.urlpatterns = [path("plain/", quick_plain), path("async/", quick_async)]


async def median_ms(address, requests=200):
    times = []
    for _ in range(requests):
        start = time.perf_counter()
        await site.get(address)
        times.append(time.perf_counter() - start)
    return 1000 * statistics.median(times)


await median_ms("/plain/", 20), await median_ms("/async/", 20)  # a warm-up, not counted
plain_ms, async_ms = await median_ms("/plain/"), await median_ms("/async/")
print(
    f"plain view {plain_ms:.2f} ms, async view {async_ms:.2f} ms for one reader: {async_ms / plain_ms:.2f} times"
)

# %%
assert 0.1 < async_ms / plain_ms < 10

# %% [markdown]
# The median of 200 requests, one after the other, through the same handler. Nearly all of it is Django's way
# from request to response. `async` is no accelerator; with nobody else there, it changes little.
#
# Second: what do twenty readers cost who wait at the same time? Note your guess; the run measures it.

# %%
guess = quiz("01_first_async_view", "twenty_readers")
guess

# %%
threads_before = set(threading.enumerate())
extra_threads = 0


async def waiting(request):
    global extra_threads
    await asyncio.sleep(0.2)
    extra_threads = max(extra_threads, len(set(threading.enumerate()) - threads_before))
    return HttpResponse("page")


site.urlpatterns = [path("headlines/", waiting)]
alone_s = await seconds_for(1)
threads_before, extra_threads = set(threading.enumerate()), 0
twenty_s = await seconds_for(20)
print(f"1 reader   {alone_s:.2f} s")
print(
    f"20 readers {twenty_s:.2f} s, {twenty_s / alone_s:.1f} times, and {extra_threads} more threads"
)

# %%
assert twenty_s < 10 * alone_s
assert extra_threads >= 20
guess.measured(twenty_s / alone_s)

# %% [markdown]
# The waits overlap: twenty readers take nowhere near twenty times as long. But look at the threads. There is
# one more for each waiting request, although no line of this view ran in any of them. Django gives each
# request a thread for whatever is not async, its own signal receivers included, and keeps it until the
# response has left. "Async needs no threads" is a claim that this machine has just refuted. The next lesson
# goes after it with real servers.

# %% [markdown]
# ## Test (12 min)
#
# Ten questions over all of this: four easy, three medium, three hard, drawn from the bank. One answer each and no
# hints; the reasons come after the answer, and at the end a verdict for each objective, with links to what to read
# again. Stop when you like: the test goes on where you left it. You need not have done the rest to start here.

# %%
quiz.test("01_first_async_view")

# %% [markdown]
# Harder: `quiz.challenge("01_first_async_view")` asks five, none of them easy. Its timer is off until you start it.

# %% [markdown]
# ## What you have now
#
# You can write a view that waits without holding anybody up, and you can read what happens when an `await` is
# missing or one too many. You have also seen three things that many people believe and that did not hold here:
# that the keyword alone makes waits overlap, that plain views queue under ASGI, and that async needs no threads.
#
# The next lesson, *Who is waiting for whom?*, puts the same views behind real servers and counts.
