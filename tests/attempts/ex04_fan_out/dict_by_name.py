# words: Under 'sources' stood a dict
import asyncio

import httpx
from django.http import JsonResponse
from django.urls import path

NAMES = ["harbour", "hill", "night", "coast", "market", "valley", "station", "garden"]


async def ask(client, limit, name):
    async with limit:
        answer = await client.get(newswire.url(name))
    answer.raise_for_status()
    return answer.json()


async def front_page(request):
    limit = asyncio.Semaphore(4)
    async with httpx.AsyncClient() as client:
        documents = await asyncio.gather(*(ask(client, limit, name) for name in NAMES))
    return JsonResponse({"sources": dict(zip(NAMES, documents, strict=True))})


site.urlpatterns = [path("front-page/", front_page)]
