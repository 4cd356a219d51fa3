# %% [markdown]
# # Exercise 6: the newsroom's tables
#
# **Lesson:** [The ORM, properly](../notebooks/06_async_orm.ipynb). **Time:** about 20 minutes.
#
# Newsdesk gets its archive: three pages that read the database.
#
# | page | JSON |
# | --- | --- |
# | `/articles/` | `{"count": 12, "articles": [{"id": 1, "headline": "...", "author": "Amara"}, ...]}` |
# | `/articles/<id>/` | `{"id": 1, "headline": "...", "body": "...", "author": "Amara", "source": "Hill Courier"}` |
# | `/authors/active/` | `{"authors": [{"name": "Amara", "articles": 3}, ...]}` |
#
# What they have to do, as a reader and the database can see it:
#
# 1. `/articles/` lists every article, the newest first, and says how many there are. A story from an agency has no
#    author: its `author` is `null`.
# 2. `/articles/<id>/` shows that article. Where there is none, it answers 404.
# 3. `/authors/active/` lists the authors who are active, by name, each with the number of their articles. Who has
#    written nothing yet has 0.
# 4. When the rows double, neither list sends one query more.
# 5. Each page shows the rows as they are at the moment of the request, and no query holds the event loop.
#
# Run the cells from the top. Write the views, run their cell again, then the check.

# %%
from django.db.models import Count
from django.http import JsonResponse
from django.shortcuts import aget_object_or_404
from django.urls import path

from course_support import Site, check, count_queries, hint

site = Site()

# %% [markdown]
# These are the models: an `Article` has a `source`, and an `author` or none; an `Author` has a name and `is_active`.

# %%
from course_support.live.newsdesk.models import Article, Author


# %% id="answer-async-orm" tags=["answer"]
async def articles(request):
    # solution
    listed = [
        {"id": row.id, "headline": row.headline, "author": row.author.name if row.author else None}
        async for row in Article.objects.select_related("author")
    ]
    return JsonResponse({"count": len(listed), "articles": listed})
    # starter
    raise NotImplementedError  # take this line away and write the view
    # end


async def article(request, article_id):
    # solution
    rows = Article.objects.select_related("author", "source")
    row = await aget_object_or_404(rows, id=article_id)
    return JsonResponse(
        {
            "id": row.id,
            "headline": row.headline,
            "body": row.body,
            "author": row.author.name if row.author else None,
            "source": row.source.name,
        }
    )
    # starter
    raise NotImplementedError
    # end


async def active_authors(request):
    # solution
    rows = Author.objects.filter(is_active=True).annotate(number=Count("articles"))
    listed = [{"name": row.name, "articles": row.number} async for row in rows.order_by("name")]
    return JsonResponse({"authors": listed})
    # starter
    raise NotImplementedError
    # end


site.urlpatterns = [
    path("articles/", articles),
    path("articles/<int:article_id>/", article),
    path("authors/active/", active_authors),
]

# %% [markdown]
# ## Check
#
# The check writes rows that nobody could know before, asks the pages as a reader would, counts the queries, and takes
# its rows away again. It never reads your code.

# %% id="check-ex06-async-orm"
await check("ex06_async_orm", site)

# %% [markdown]
# Stuck? Take the mark away in front of the next line and run it. There are three hints, one at a time.

# %%
# hint("ex06_async_orm")

# %% [markdown]
# ## See for yourself
#
# One request of your own, and the queries that it sent.

# %%
with count_queries() as queries:
    await site.get("/articles/", raise_request_exception=False)
queries

# %% [markdown] tags=["solution"]
# ## Why it is written this way
#
# - **An async comprehension reads the rows.** It is the one place in `articles` where the database is asked. The
#   number on the page is `len` of what was read: a second query could count other rows than the first has listed.
# - **`select_related` for what stands at the other end of a key.** One query with a join. Without it, `row.author`
#   would be a query of its own, and in an async view Django refuses it.
# - **`row.author.name if row.author else None`.** An agency's story has no author; the join still brings it.
# - **`aget_object_or_404` takes a queryset as well as a model.** So the join and the 404 go together.
# - **`annotate(number=Count("articles"))` lets the database count.** It starts from the authors, so that those without
#   an article are there, with 0.
# - **The querysets are built in the views.** One that is built beside them keeps what it has read, for all later readers.
# - **A plain `def` passes this check too.** A reader cannot see the difference: the queries run in a thread either
#   way. It is the better choice for a page that only reads the database; see *Cost* in the lesson. An async view is
#   for one that waits for something else as well.
