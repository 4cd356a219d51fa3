# words: this dot is a query of its own
from django.db.models import Count
from django.http import JsonResponse
from django.shortcuts import aget_object_or_404
from django.urls import path

from course_support.live.newsdesk.models import Article, Author


async def articles(request):
    listed = [
        {"id": row.id, "headline": row.headline, "author": row.author.name if row.author else None}
        async for row in Article.objects.all()
    ]
    return JsonResponse({"count": len(listed), "articles": listed})


async def article(request, article_id):
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


async def active_authors(request):
    rows = Author.objects.filter(is_active=True).annotate(number=Count("articles"))
    listed = [{"name": row.name, "articles": row.number} async for row in rows.order_by("name")]
    return JsonResponse({"authors": listed})


site.urlpatterns = [
    path("articles/", articles),
    path("articles/<int:article_id>/", article),
    path("authors/active/", active_authors),
]
