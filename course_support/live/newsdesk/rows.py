"""What is in the newsroom's tables, as plain values; and rows that come and go again.

For checks: what goes in and what comes out can be written as JSON, so that it can travel to
wherever the database is. Everything here is synchronous: run it in a thread. The models are
imported late, since a check is read where no Django need be set up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any


def add(source: str, authors: Mapping[str, bool], articles: Sequence[Mapping[str, Any]]) -> None:
    """Write rows.

    Args:
        source: the name of a new source, which all the articles get.
        authors: new authors, and whether each is active.
        articles: each with `headline`, `body`, `published` (ISO 8601, with its offset), and
            `author`, the name of one of the new authors or None.
    """
    from course_support.live.newsdesk.models import Article, Author, Source

    place = Source.objects.create(name=source)
    people = {n: Author.objects.create(name=n, is_active=active) for n, active in authors.items()}
    Article.objects.bulk_create(
        Article(
            headline=article["headline"],
            body=article["body"],
            source=place,
            author=people.get(article["author"]),
            published=datetime.fromisoformat(article["published"]),
        )
        for article in articles
    )


def remove(source: str, authors: Sequence[str]) -> None:
    """Take away what `add` wrote: this source with its articles, and these authors."""
    from course_support.live.newsdesk.models import Author, Source

    Source.objects.filter(name=source).delete()
    Author.objects.filter(name__in=list(authors)).delete()


def articles() -> list[dict[str, Any]]:
    """Every article, the newest first: id, headline, body, author's and source's name."""
    from course_support.live.newsdesk.models import Article

    return [
        {
            "id": row.pk,
            "headline": row.headline,
            "body": row.body,
            "author": row.author.name if row.author else None,
            "source": row.source.name,
        }
        for row in Article.objects.select_related("author", "source")
    ]


def active_authors() -> list[dict[str, Any]]:
    """Every active author by name, with the number of their articles."""
    from django.db.models import Count

    from course_support.live.newsdesk.models import Author

    rows = Author.objects.filter(is_active=True).annotate(number=Count("articles"))
    found = rows.order_by("name", "id").values_list("name", "number")
    return [{"name": name, "articles": number} for name, number in found]


def words() -> list[str]:
    """The word of every tag, in the order of the alphabet."""
    from course_support.live.newsdesk.models import Tag

    return sorted(Tag.objects.values_list("word", flat=True))
