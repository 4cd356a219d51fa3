# %% [markdown]
# # Start here
#
# This course teaches **async views in Django: how to write them, when they help, and when they do not**.
# Everything in it runs in front of you. Django starts inside the notebook, you write views in cells and serve
# them at once, and what the text claims is measured on your machine while you read.
#
# **You will be able to** run a lesson, answer its questions, and get unstuck.
#
# **You need** Python functions and a first Django view behind you. Nothing async.
#
# **It takes** about ten minutes.

# %% [markdown]
# ## Is everything here?
#
# Click into the next cell and press Shift + Enter. The first run takes a second or two.

# %%
import asyncio
import platform
import time

import django
import httpx
from django.core.exceptions import SynchronousOnlyOperation
from django.http import HttpResponse
from django.urls import path

from course_support import Site, newswire, progress, quiz

site = Site()


# %%
async def hello(request):
    return HttpResponse("hello from Django")


site.urlpatterns = [path("hello/", hello)]

async with httpx.AsyncClient() as client:
    wire = await client.get(newswire.url("quick"))

start = time.perf_counter()
await asyncio.sleep(0.2)
late_ms = 1000 * (time.perf_counter() - start - 0.2)

print("Python  ", platform.python_version(), "on", platform.system())
print("Django  ", django.get_version())
print("site    ", (await site.get("/hello/")).text)
print("newswire", wire.json()["headlines"][0])
print(f"clock    a sleep of 200 ms ended {late_ms:.1f} ms late")

# %% [markdown]
# Five lines and no red: everything is here. You have also met the two things that every lesson uses. `site` is
# Django, in this very process; `newswire` is another HTTP server, on this machine, which plays the slow and
# sometimes broken world outside. Neither of them can be reached from elsewhere, and nothing here asks the internet.
#
# If the last line says more than about 20 ms, your machine is busy. The lessons compare time with time, so they
# still hold; close what you can all the same.

# %% [markdown]
# ## How a question works
#
# Most sections begin with a question, and you answer it before you run anything. A wrong answer costs nothing and
# teaches more. There are eleven kinds of questions; here are two to practise on.

# %%
quiz("00_start_here")

# %% [markdown]
# By mouse, by touch or by keyboard: Tab moves between the parts, the arrow keys between options, the number keys
# put an option into a blank. Hints come one by one, when you ask. What you answer is kept, in a file of yours on this
# machine. A new kernel asks every question anew; the map at the end of this page remembers.

# %% [markdown]
# ## Four facts about this kernel
#
# A notebook kernel is itself an async program: while you read this, an event loop is running in it. That is why
# `await` works in a cell, and why some lines that you know from `manage.py shell` do not. One cell shows it all.

# %%
from course_support.live.newsdesk.models import Article

try:
    Article.objects.count()
except SynchronousOnlyOperation as error:
    sync_orm = str(error)
print("1  sync ORM    ", sync_orm)

count = await Article.objects.acount()
print("2  async ORM   ", count, "articles")

second_loop = asyncio.sleep(0)
try:
    asyncio.run(second_loop)
except RuntimeError as error:
    asyncio_run = str(error)
second_loop.close()
print("3  asyncio.run ", asyncio_run)

response = await site.get("/hello/")
print("4  a request   ", response.status_code, response.text)

# %%
assert "You cannot call this from an async context" in sync_orm
assert "cannot be called from a running event loop" in asyncio_run
assert (count, response.status_code) == (12, 200)

# %% [markdown]
# 1. **The synchronous ORM is refused.** Django sees a running loop in this thread and protects it. The same
#    protection meets you in an async view, so a cell is a good place to get used to it.
# 2. **The async ORM works.** Query methods have a twin with an `a` in front. Lesson 6 is about them.
# 3. **`asyncio.run` is refused.** It starts a loop of its own, and one is running here already. In a cell, simply `await`.
# 4. **Requests work**, through the same handler that a server would use.
#
# And when you do want synchronous ORM code in a cell, give it a thread of its own:


# %%
def first_headlines():
    return [article.headline for article in Article.objects.all()[:3]]


await site.run_sync(first_headlines)

# %% [markdown]
# You may read elsewhere about `DJANGO_ALLOW_ASYNC_UNSAFE`. It silences the guard and leaves the danger, and it
# would hide the very mistake that this course is about. Nothing here sets it.

# %% [markdown]
# ## How a lesson works
#
# Predict, run, explain: you say what will happen, the cell shows what does, and a few sentences name the reason.
# Each lesson has ten ways in, listed at its top with their minutes. Take all, or start where you like.
#
# | way in | what you do |
# | --- | --- |
# | Why | meet the problem, see the claim measured, see it fail |
# | Learn | run the smallest true example |
# | Visualize | watch overlapping requests on a timeline |
# | Deep | test a mental model with experiments that could refute it |
# | Try | fill the blanks |
# | Challenge | mend what is broken, from its symptoms |
# | Project | build one more part of Newsdesk, in a notebook of its own |
# | Recall | turn the cards |
# | Cost | measure what it costs here |
# | Test | ten questions, no preparation required; a verdict for each objective |
#
# A lesson opens with `lesson("01")`: cards of earlier lessons that are due, at most five, and where you left it. Cards
# that you know stay away longer each time; a question that you did not solve makes the cards of its objective due. `quiz.test("01")` draws ten questions and says of each objective whether
# it is strong, getting there or weak. The rule stands on the result page; `quiz.test()` asks about the whole course.

# %% [markdown]
# ## The map of the course
#
# What you have done, what is weak, what is due, and where to go on. Each number is a link to that way in. Run this
# cell whenever you come back; `progress()` works in every notebook.

# %%
progress()

# %% [markdown]
# It is drawn from one file, on this machine; nothing in it is sent anywhere. In a terminal, `python3 course.py progress`
# shows the same map, `progress export FILE` and `progress import FILE` take it to another machine, and `progress reset`
# begins anew and keeps a copy.
#
# These lessons are still to come:
#
# | lesson | its question | state |
# | --- | --- | --- |
# | 7 Crossing the bridge | What does `sync_to_async` really do? | being written |
# | 8 Transactions and connections | What must stay in one thread? | being written |
# | 9 The whole request path | What do middleware and sessions cost? | being written |
# | 10 Streaming and live updates | Who holds the line open? | being written |
# | 11 Files, processors, background work | What does async not do? | being written |
# | 12 Testing and finding faults | Which test would have caught it? | being written |
# | 13 Ship it, safely | When should I leave it synchronous? | being written |
# | 14 Newsdesk live | Can you build all of it? | being written |

# %% [markdown]
# ## When you are stuck
#
# - **A cell runs on and on.** Press the stop button (■). A view that keeps the event loop is stopped too, and the
#   message names the line at which it stood. After ten seconds the site does so by itself.
# - **A name is not defined.** Run the cells from the top: *Run > Run All Above Selected Cell*.
# - **Everything is strange.** *Kernel > Restart Kernel*, then run the first cell. Nothing that you wrote is lost.
# - **An exercise will not pass.** The report says what was seen and what to do next; `hint("ex01_first_view")`
#   gives one hint at a time.
# - **I changed an exercise beyond repair.** In a terminal: `python3 course.py reset ex01_first_view`. Your version
#   is kept beside the new one.
#
# ## What you have now
#
# A site, a newswire, and a kernel whose four rules you know. Go on with
# [lesson 1, A view that waits](01_first_async_view.ipynb).
