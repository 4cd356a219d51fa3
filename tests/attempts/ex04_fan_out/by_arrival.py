# words: That is the order of arrival
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
    documents = []
    async with httpx.AsyncClient() as client:
        for earliest in asyncio.as_completed([ask(client, limit, name) for name in NAMES]):
            documents.append(await earliest)
    return JsonResponse({"sources": documents})


site.urlpatterns = [path("front-page/", front_page)]
