# words: it is httpx's, not Django's
import httpx
from django.http import JsonResponse
from django.urls import path


async def headlines(request):
    async with httpx.AsyncClient() as client:
        return await client.get(newswire.url("slow"))


site.urlpatterns = [path("headlines/", headlines)]
