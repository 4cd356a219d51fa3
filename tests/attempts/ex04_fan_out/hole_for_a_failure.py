# words: The source coast answered 503, and the page answered 200
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
        calls = [ask(client, limit, name) for name in NAMES]
        found = await asyncio.gather(*calls, return_exceptions=True)
    documents = [document for document in found if isinstance(document, dict)]
    return JsonResponse({"sources": documents})


site.urlpatterns = [path("front-page/", front_page)]
