# %% [markdown]
# # Exercise 4: the front page
#
# **Lesson:** [Fan out](../notebooks/04_fan_out.ipynb). **Time:** about 20 minutes.
#
# Newsdesk gets its front page. `/front-page/` asks eight sources of the newswire and hands their documents on, in
# one JSON:
#
# ```python
# {"sources": [{"source": "harbour", "headlines": ["..."]}, {"source": "hill", ...}, ...]}
# ```
#
# The people at the wire have one request: at most four calls at one time.
#
# What the page has to do, as a reader and the wire can see it:
#
# 1. It answers with status 200 and the documents of all eight sources.
# 2. Each request asks each source exactly once.
# 3. Four calls are at the wire at one time, never five. As soon as one of them is answered, the fifth comes.
# 4. The documents have the order of `NAMES`, whichever source answers first.
# 5. The eight calls share four connections.
# 6. When the reader leaves, the calls at the wire are dropped.
# 7. When a source answers with an error, the page is an error too. A front page with a hole in it that nobody notices
#    would be worse. Lesson 5 does better.
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

# %% [markdown]
# The sources take between 0.1 and 0.4 s each. `newswire.url("hill")` is the address of one, and
# `answer.raise_for_status()` raises when a source has answered with an error.


# %% id="answer-front-page" tags=["answer"]
# solution
async def ask(client, limit, name):
    async with limit:
        answer = await client.get(newswire.url(name))
    answer.raise_for_status()
    return answer.json()


# starter
# end
async def front_page(request):
    # solution
    limit = asyncio.Semaphore(4)
    async with httpx.AsyncClient() as client, asyncio.TaskGroup() as group:
        tasks = [group.create_task(ask(client, limit, name)) for name in NAMES]
    return JsonResponse({"sources": [task.result() for task in tasks]})
    # starter
    raise NotImplementedError  # take this line away and write the view
    # end


site.urlpatterns = [path("front-page/", front_page)]

# %% [markdown]
# ## Check
#
# The check holds the answers of the wire back, counts who is there, and lets them go one by one. It looks at what
# happens, and in which order; it never reads your code.

# %% id="check-ex04-fan-out"
await check("ex04_fan_out", site)

# %% [markdown]
# Stuck? Take the mark away in front of the next line and run it. There are three hints, one at a time.

# %%
# hint("ex04_fan_out")

# %% [markdown]
# ## See for yourself
#
# One request of your own, and what the wire saw of it.

# %%
newswire.forget()
await site.get("/front-page/", raise_request_exception=False)
newswire.seen

# %% [markdown] tags=["solution"]
# ## Why it is written this way
#
# - **One semaphore for each request, made in the view.** All eight tasks pass the same one. Made inside `ask`, each
#   call would have a limit of its own, and so none.
# - **The limit is round the call only.** `raise_for_status` and `json` do not wait for the wire, so they do not keep
#   a place there.
# - **One client for the request.** Four calls at a time, so four connections; the fifth call finds one of them idle.
# - **A list of tasks, then their results.** The list was made in the order of `NAMES`, so the page has that order,
#   whoever came first. `asyncio.gather` keeps it as well.
# - **A `TaskGroup`, not `gather`.** When one source fails, the group drops the calls that are still at the wire.
#   After `gather` they would run on, for a page that nobody will see.
# - **The order of the two in `async with`.** The group is left first and waits for its tasks; then the client closes.
# - **No deadline yet.** One source that hangs holds the whole page. Lesson 5 adds a budget and partial results.
