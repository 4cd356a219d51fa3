# %% [markdown]
# # Exercise 2: choose a server
#
# **Lesson:** [Who is waiting for whom?](../notebooks/02_wsgi_asgi_measured.ipynb). **Time:** about 15 minutes.
#
# Newsdesk moves into its first house. Before it does, it says how it wants to be served: `/choice/` answers
# with a form in JSON, and whoever runs the servers reads it. The check is one of them. It starts the server
# that you chose, sends the readers, holds the wire's answers back, and counts how many requests stand at the
# wire at the same moment.
#
# Newsdesk has three pages, and each may have a server of its own:
#
# | page | its view | who comes | what is wanted |
# | --- | --- | --- | --- |
# | `front` | plain: `def`, `httpx.get` | 20 readers at the same moment | nobody stands in line: all 20 are at the wire together |
# | `archive` | plain: `def`, `httpx.get` | 12 readers at the same moment | the owner of the archive agreed to 4 calls at a time: never 5, and never fewer while readers wait |
# | `live` | async: `async def`, `await client.get` | 30 readers who stay, or one more than your pool has threads | whoever comes next gets in, while all the others stay |
#
# For each page the form says three things:
#
# - `server`: `"wsgi"` is waitress, a pool of threads; `"asgi"` is uvicorn, an event loop.
# - `threads`: the size of the pool, 1 to 64. An ASGI server has none, so it is `None` there.
# - `at_the_wire`: your prediction. How many requests will the wire count at the same moment?

# %%
from django.http import JsonResponse
from django.urls import path

from course_support import Site, check, hint

site = Site()

# %% [markdown]
# Fill in the form, and take the line away that raises.


# %% id="answer-choice" tags=["answer"]
def choice(request):
    # solution
    form = {
        "front": {"server": "wsgi", "threads": 20, "at_the_wire": 20},
        "archive": {"server": "wsgi", "threads": 4, "at_the_wire": 4},
        "live": {"server": "asgi", "threads": None, "at_the_wire": 30},
    }
    # starter
    raise NotImplementedError  # take this line away when the form is filled in
    form = {
        "front": {"server": "", "threads": None, "at_the_wire": None},
        "archive": {"server": "", "threads": None, "at_the_wire": None},
        "live": {"server": "", "threads": None, "at_the_wire": None},
    }
    # end
    return JsonResponse(form)


site.urlpatterns = [path("choice/", choice)]

# %% [markdown]
# ## Check
#
# No clock takes part. The wire answers nobody until the check has counted.

# %% id="check-ex02-choose-a-server"
await check("ex02_choose_a_server", site)

# %% [markdown]
# Stuck? Take the mark away in front of the next line and run it. There are three hints, one at a time.

# %%
# hint("ex02_choose_a_server")

# %% [markdown]
# ## Defend your choice (optional)
#
# The check has counted requests; it does not know your reasons. A team writes them down, so that whoever
# comes next can tell a decision from a habit. Write such a record in the next cell, in five to ten lines: double-click
# it and type over the questions. No check reads it. In a class your teacher may; on your own, read it again
# after lesson 6.

# %% [markdown] id="decision-record" tags=["manual"]
# <!-- solution -->
# **Decision.** `front` and `archive` go behind waitress, with 20 and with 4 threads; `live` goes to uvicorn.
#
# **Because.** We know how many read `front` at one time, so a pool of 20 holds back nobody, and the machine never has
# more than 20 threads for it. The archive's owner allows 4 calls, and a pool of 4 keeps that promise without a
# line of code. Readers of `live` stay, and whoever stays in a pool takes a place from the next one.
#
# **What we give up.** Two kinds of server to run and to watch. On `live` nothing limits how many come: if the
# wire ever asks for a limit, we have to write it.
#
# **When to think again.** When `front` has more than 20 readers at one time (waitress then logs a queue), or
# when the archive's owner changes the number.
# <!-- starter -->
# *Which server did you give to each page, and what in its row of the table decided that?*
#
# *What does your choice cost, and which pages would be wrong on the other server?*
#
# *Which number would you watch, and at which value would you decide again?*
# <!-- end -->

# %% [markdown] tags=["solution"]
# ## Why it is chosen this way
#
# - **front** has a number: 20. A pool of 20 threads lets 20 readers wait side by side; a larger one does too, and
#   so does `asgi`, where Django runs each plain view in a thread of its request. All of them pass. If you cannot say
#   how many will come, that speaks for `asgi`; if your machine must never have more than 20 threads, for the pool.
# - **archive** needs a limit, and the pool *is* one. On `asgi` nothing holds the readers back, and the archive has
#   all twelve at once. There the limit would have to stand in the view, as in the challenge of the lesson.
# - **live** has no number. Whatever the size of the pool, the readers who stay fill it, and the next one waits for
#   somebody to leave. A server without a pool has no such edge. It has another one: each waiting request costs
#   memory, and in Django a thread, as the lesson measured.
