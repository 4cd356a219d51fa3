"""The URLconf of a site to which no cell has given its own."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
