"""The rows that every lesson starts with: the same each time, so that answers can be stated."""

from datetime import UTC, datetime, timedelta

from django.contrib.auth.models import User

from course_support.live.newsdesk.models import Article, Author, Source, Tag

SOURCES = ["Harbour Post", "Hill Courier", "Night Wire"]
AUTHORS = {"Amara": True, "Bruno": True, "Chiyo": True, "Dmitri": False}
TAGS = ["sea", "town", "weather", "sport"]
USERS = {"ada": True, "grace": True, "linus": False}
HEADLINES = [
    "Ferry runs again after the storm",
    "School garden grows a record pumpkin",
    "Night bus gets a second line",
    "Old lighthouse to become a library",
    "Rain expected until Thursday",
    "Harbour market moves indoors",
    "Chess club wins the county cup",
    "New bridge opens to cyclists first",
    "Fog delays the morning trains",
    "Swimmers return to the north beach",
    "Town hall clock repaired by a baker",
    "Street lamps switch to warm light",
]
_FIRST = datetime(2026, 1, 5, 6, 0, tzinfo=UTC)


def load() -> None:
    """Write the sample rows; for an empty database. Synchronous: run it in a thread."""
    sources = Source.objects.bulk_create(Source(name=name) for name in SOURCES)
    authors = Author.objects.bulk_create(Author(name=n, is_active=a) for n, a in AUTHORS.items())
    tags = Tag.objects.bulk_create(Tag(word=word) for word in TAGS)
    articles = Article.objects.bulk_create(
        Article(
            headline=headline,
            body=f"{headline}. More in the evening edition.",
            source=sources[number % len(sources)],
            # Every sixth story came from an agency and has no author.
            author=None if number % 6 == 5 else authors[number % len(authors)],
            published=_FIRST + timedelta(hours=7 * number),
        )
        for number, headline in enumerate(HEADLINES)
    )
    through = Article.tags.through
    through.objects.bulk_create(
        through(article=article, tag=tags[number % len(tags)])
        for number, article in enumerate(articles)
    )
    # "!" marks a password that can not be used: hashing a real one would cost each start 0.3 s.
    User.objects.bulk_create(
        User(username=name, is_active=active, password="!") for name, active in USERS.items()
    )
