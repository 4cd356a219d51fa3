# words: The source is a row of its own
from django.http import JsonResponse
from django.urls import path

from course_support.live.newsdesk.models import Article, Author, Tag


async def tags(request):
    words = [tag.word async for tag in Tag.objects.all()]
    return JsonResponse({"tags": words})


async def names(request):
    names = [author.name async for author in Author.objects.filter(is_active=True)]
    return JsonResponse({"names": names})


async def latest(request):
    articles = Article.objects.select_related("source").order_by("-published")[:3]
    found = [{"headline": row.headline, "source": row.source} async for row in articles]
    return JsonResponse({"latest": found})


site.urlpatterns = [path("tags/", tags), path("names/", names), path("latest/", latest)]
