"""The Django app that all lessons share."""

from django.apps import AppConfig


class NewsdeskConfig(AppConfig):
    """A small newsroom: sources, authors, articles, tags."""

    name = "course_support.live.newsdesk"
    label = "newsdesk"
    default_auto_field = "django.db.models.BigAutoField"
