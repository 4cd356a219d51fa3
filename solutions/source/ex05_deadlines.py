# %% [markdown]
# # Exercise 5: a page with a budget
#
# **Lesson:** [Deadlines, failure, and people who leave](../notebooks/05_deadlines_and_cancellation.ipynb).
# **Time:** about 25 minutes.
#
# The front page of exercise 4 is as slow as its slowest source, and one source that fails takes it down. Now it gets
# a budget of one second, and says of each source how it went:
#
# ```python
# {"sources": [
#     {"source": "harbour", "status": "ok", "headlines": ["Ferry runs again", "..."]},
#     {"source": "hill", "status": "late", "headlines": []},
#     {"source": "night", "status": "failed", "headlines": []},
#     ...
# ]}
# ```
#
# What the page has to do, as a reader and the wire can see it:
#
# 1. It answers with status 200 and one entry for each of the eight sources, in the order of `NAMES`. A source that has
#    answered in time is `"ok"`, with its headlines.
# 2. A source that has not answered *whole* when the second is over is `"late"`. The others keep what they have. Late is
#    also the source that sends a few bytes now and then.
# 3. The second is the page's, not the source's: with eight sources that hang, the page still answers.
# 4. A source that answers with an error is `"failed"`, and the page is still a 200.
# 5. When the reader leaves, the calls at the wire are dropped.
# 6. The desk, a second page, tells how many front pages are being made (`"open"`), and how many readers have left before
#    theirs was there (`"left"`). It is written already; your view keeps the two numbers.
#
# There is no limit of four this time: the wire has agreed to eight calls at once.
#
# Run the cells from the top. Write the view, run its cell again, then the check.

# %%
import asyncio

import httpx
from django.http import JsonResponse
from django.urls import path

from course_support import Site, check, hint, newswire

site = Site()

# %%
NAMES = ["harbour", "hill", "night", "coast", "market", "valley", "station", "garden"]
BUDGET_S = 1.0
desk = {"open": 0, "left": 0}


async def show_desk(request):
    return JsonResponse(desk)


# %% [markdown]
# The sources take between 0.1 and 0.4 s when nothing is the matter. `answer.raise_for_status()` raises an
# `httpx.HTTPStatusError` when a source has answered with an error.


# %% id="answer-budget" tags=["answer"]
# solution
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


# starter
# end
async def front_page(request):
    # solution
    desk["open"] += 1
    try:
        async with httpx.AsyncClient() as client, asyncio.TaskGroup() as group:
            tasks = [group.create_task(ask(client, name)) for name in NAMES]
        return JsonResponse({"sources": [task.result() for task in tasks]})
    except asyncio.CancelledError:
        desk["left"] += 1
        raise
    finally:
        desk["open"] -= 1
    # starter
    raise NotImplementedError  # take this line away and write the view
    # end


site.urlpatterns = [path("front-page/", front_page), path("desk/", show_desk)]

# %% [markdown]
# ## Check
#
# The check holds some answers of the wire back for good, lets others drip, and leaves in the middle. It looks at what
# is on the page and at who is still at the wire; it never reads your code.

# %% id="check-ex05-deadlines"
await check("ex05_deadlines", site)

# %% [markdown]
# Stuck? Take the mark away in front of the next line and run it. There are three hints, one at a time.

# %%
# hint("ex05_deadlines")

# %% [markdown]
# ## See for yourself
#
# One request of your own while the hill is silent, and what the wire saw of it.

# %%
newswire.forget()
with newswire.hold("hill"):
    await site.get("/front-page/", raise_request_exception=False)
newswire.seen

# %% [markdown] tags=["solution"]
# ## Why it is written this way
#
# - **`asyncio.timeout` round the call, inside the helper.** Whatever the call is doing when the second is over, waiting
#   for the first byte or for the fiftieth, it is cancelled there. And a `TimeoutError` inside the helper costs one entry;
#   round the whole group it would cost the page.
# - **Each call has the second, and still the page has one.** All eight begin together, so their seconds end together.
#   Where calls queue at a semaphore, that is no longer so: take one moment for all, `asyncio.timeout_at(deadline)`.
# - **Three labels, three `except`.** `TimeoutError` is asyncio's, `httpx.HTTPError` is every way in which a call fails,
#   `ValueError` is an answer that is not JSON. No bare `except`, no `BaseException`: a `CancelledError` must get through.
# - **`except asyncio.CancelledError: ... raise`.** The only good reason to catch it is to note it and to let it go on.
# - **`finally` for what must be undone.** It runs when the page is there, when it fails, and when the reader leaves.
# - **The `TaskGroup` does the dropping.** When the view is cancelled, the group cancels its eight tasks, and each task
#   closes its connection on the way out.
