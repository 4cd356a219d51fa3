# words: which is no document
import asyncio

import httpx
from django.http import JsonResponse
from django.urls import path

NAMES = ("harbour", "hill", "night", "coast", "market", "valley", "station", "garden")


async def fetch(client, name, limit):
    async with limit:
        answer = await client.get(newswire.url(name))
    answer.raise_for_status()
    return answer.json()["source"]


async def front_page(request):
    limit = asyncio.Semaphore(4)
    async with httpx.AsyncClient() as client:
        documents = await asyncio.gather(*(fetch(client, name, limit) for name in NAMES))
    return JsonResponse({"sources": documents})


site.urlpatterns = [path("front-page/", front_page)]
