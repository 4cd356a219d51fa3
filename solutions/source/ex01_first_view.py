# %% [markdown]
# # Exercise 1: a page that waits for the wire
#
# **Lesson:** [A view that waits](../notebooks/01_first_async_view.ipynb). **Time:** about 15 minutes.
#
# Newsdesk gets its first page. `/headlines/` asks the slow source of the newswire and hands its answer on.
#
# The wire's answer is a JSON document like this one:
#
# ```python
# {"source": "slow", "headlines": ["...", "...", "..."]}
# ```
#
# What the page has to do, as a reader and the wire can see it:
#
# 1. It answers with status 200 and the wire's document, as JSON.
# 2. Each request asks the wire exactly once.
# 3. It does not answer before the wire has answered.
# 4. While one request waits, another gets as far as the wire.
# 5. When the reader leaves, the call to the wire is dropped too.
#
# Run the cells from the top. Write the view, run its cell again, then the check.

# %%
import httpx
from django.http import JsonResponse
from django.urls import path

from course_support import Site, check, hint, newswire

site = Site()

# %% [markdown]
# `newswire.url("slow")` is an address on this machine. A client that can be awaited is opened with
# `async with httpx.AsyncClient() as client:`, and asks with `client.get(address)`.


# %% id="answer-headlines" tags=["answer"]
async def headlines(request):
    # solution
    async with httpx.AsyncClient() as client:
        answer = await client.get(newswire.url("slow"))
    return JsonResponse(answer.json())
    # starter
    raise NotImplementedError  # take this line away and write the view
    # end


site.urlpatterns = [path("headlines/", headlines)]

# %% [markdown]
# ## Check
#
# The check sends requests to your page and watches the wire. It looks at what happens, and in which order; it
# never reads your code.

# %% id="check-ex01-first-view"
await check("ex01_first_view", site)

# %% [markdown]
# Stuck? Take the mark away in front of the next line and run it. There are three hints, one at a time.

# %%
# hint("ex01_first_view")

# %% [markdown]
# ## See for yourself
#
# What did the wire see, all in all?

# %%
newswire.seen

# %% [markdown] tags=["solution"]
# ## Why it is written this way
#
# - **One `await`.** Only the call to the wire takes time. `answer.json()` reads a document that has arrived in
#   full, and `JsonResponse` is a plain object.
# - **`async with` inside the view.** The client belongs to the loop on which it is used, and is closed on every
#   way out. A client for each request is simple and safe; lesson 4 measures what it costs, and shares one.
# - **No time limit yet.** If the wire hangs, so does the page. Lesson 5 adds a deadline.
# - **Leaving needs no code.** When the reader goes, Django cancels the view; the `await` ends, `async with`
#   closes the connection, and the wire sees it close. That is the fifth check.
