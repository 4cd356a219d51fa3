"""What is in a newsroom: sources, authors, articles, tags."""

from django.db import models


class Source(models.Model):
    """A place that news comes from."""

    name = models.CharField(max_length=80, unique=True)

    def __str__(self) -> str:
        return self.name


class Author(models.Model):
    """Somebody who writes."""

    name = models.CharField(max_length=80)
    is_active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.name


class Tag(models.Model):
    """A word that articles are found by."""

    word = models.CharField(max_length=40, unique=True)

    def __str__(self) -> str:
        return self.word


class Article(models.Model):
    """One story; an article without an author came from an agency."""

    headline = models.CharField(max_length=200)
    body = models.TextField(blank=True)
    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="articles")
    author = models.ForeignKey(
        Author, on_delete=models.SET_NULL, null=True, blank=True, related_name="articles"
    )
    tags = models.ManyToManyField(Tag, related_name="articles", blank=True)
    published = models.DateTimeField()
    votes = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-published", "id"]

    def __str__(self) -> str:
        return self.headline
