# %% [markdown]
# # Exercise 3: a digest that holds up nobody
#
# **Lesson:** [One slow line stops everyone](../notebooks/03_do_not_block_the_loop.ipynb). **Time:** about 15 minutes.
#
# Before the investigations desk prints a story, it publishes the story's *digest*: a fingerprint that proves,
# later, that not a word was changed. It is slow on purpose, so that nobody finds the story by trying texts.
# `/digest/` makes it. It works, and whenever it works, the whole of Newsdesk stands still.
#
# What `/digest/` has to do, as its clients can see it:
#
# 1. A text posted to it is answered with status 200 and `{"digest": "..."}`, the same digest as today.
# 2. While a digest is under way, `/ping/` is answered. That holds for many short lines and for one very long line.
# 3. Two digests at once are both right, and a short one does not wait for a long one.
#
# Run the cells from the top. The digest itself is right: leave `digest_of` as it is, and change how the view
# calls it.

# %%
import asyncio
import hashlib

from django.http import HttpResponse, JsonResponse
from django.urls import path

from course_support import Site, check, hint, watch

site = Site()

# %%
ROUNDS = 400  # for each character


def digest_of(document):
    found = b"newsdesk"
    for line in document.splitlines(keepends=True):
        found = hashlib.pbkdf2_hmac("sha256", line.encode(), found, ROUNDS * len(line))
    return found.hex()


async def ping(request):
    return HttpResponse("pong")


# %% [markdown]
# Take the line with `raise` away and run the check once before you change anything: the view is then the one
# that stops everyone, and the report says how that looks from outside.


# %% id="answer-digest" tags=["answer"]
async def digest(request):
    document = request.body.decode()
    # solution
    found = await asyncio.to_thread(digest_of, document)
    # starter
    raise NotImplementedError  # take this line away
    found = digest_of(document)
    # end
    return JsonResponse({"digest": found})


site.urlpatterns = [path("digest/", digest), path("ping/", ping)]

# %% [markdown]
# ## Check
#
# The check posts texts that it has made up a moment ago. While one is being digested it sends pings, one after
# another, and looks at the order in which the answers come. It never reads your code.

# %% id="check-ex03-blocking-call"
await check("ex03_blocking_call", site)

# %% [markdown]
# Stuck? Take the mark away in front of the next line and run it. There are three hints, one at a time.

# %%
# hint("ex03_blocking_call")

# %% [markdown]
# ## See for yourself
#
# One long line, posted under `watch()`. Which line of yours holds the loop now?

# %%
with watch() as seen:
    await site.post("/digest/", content="x" * 500, raise_request_exception=False)
seen

# %% [markdown] tags=["solution"]
# ## Why it is written this way
#
# - **`await asyncio.to_thread(function, argument)`.** The function is handed over, not called: a pair of
#   parentheses too many would compute the digest on the loop and give the thread a text to call.
# - **A thread is enough here, because `hashlib` lets go of the interpreter** while it works on a long text. Had
#   the loop been pure Python, a thread would keep the site breathing but slow it down; a process would not.
# - **No pieces.** Giving way between lines helps only as long as each line is short, and the clients write the
#   lines.
# - **No shared names.** What belongs to a request stays in the view's own variables, so two digests at once can
#   not mix their answers.
# - **A plain `def` view would pass as well.** Django runs it in a thread of its request. The async view is the
#   better start where the page later has to wait for other things too.
# - **No bound yet.** Anybody may post a text of any length. The threads of `asyncio.to_thread` are a pool, so
#   too many digests queue behind each other; lesson 13 refuses what is too large.
