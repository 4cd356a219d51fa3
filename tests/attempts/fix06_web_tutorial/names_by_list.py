# words: `list` asks the database by a plain loop, on the event loop
from django.http import JsonResponse
from django.urls import path

from course_support.live.newsdesk.models import Article, Author, Tag


async def tags(request):
    words = [tag.word async for tag in Tag.objects.all()]
    return JsonResponse({"tags": words})


async def names(request):
    authors = list(Author.objects.filter(is_active=True))
    names = [author.name for author in authors]
    return JsonResponse({"names": names})


async def latest(request):
    articles = Article.objects.select_related("source").order_by("-published")[:3]
    found = [{"headline": row.headline, "source": row.source.name} async for row in articles]
    return JsonResponse({"latest": found})


site.urlpatterns = [path("tags/", tags), path("names/", names), path("latest/", latest)]
