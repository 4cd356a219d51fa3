# words: /latest/: the three articles took 4 queries
from asgiref.sync import sync_to_async
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
    articles = Article.objects.order_by("-published")[:3]
    source_of = sync_to_async(lambda row: row.source.name)
    found = [{"headline": row.headline, "source": await source_of(row)} async for row in articles]
    return JsonResponse({"latest": found})


site.urlpatterns = [path("tags/", tags), path("names/", names), path("latest/", latest)]
