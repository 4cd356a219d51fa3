from course_support.live.newsdesk.models import Article, Author, Tag
from django.http import JsonResponse
from django.urls import path


async def tags(request):
    return JsonResponse({"tags": [tag.word async for tag in Tag.objects.all()]})


async def names(request):
    authors = Author.objects.filter(is_active=True)
    return JsonResponse({"names": [author.name async for author in authors]})


async def latest(request):
    articles = Article.objects.select_related("source").order_by("-published")[:3]
    found = [{"headline": row.headline, "source": row.source.name} async for row in articles]
    return JsonResponse({"latest": found})


site.urlpatterns = [path("tags/", tags), path("names/", names), path("latest/", latest)]
