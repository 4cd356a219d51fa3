# words: The wire's whole answers were put into the JSON
import asyncio

import httpx
from django.http import JsonResponse
from django.urls import path

NAMES = ["harbour", "hill", "night", "coast", "market", "valley", "station", "garden"]


async def ask(client, limit, name):
    async with limit:
        return await client.get(newswire.url(name))


async def front_page(request):
    limit = asyncio.Semaphore(4)
    async with httpx.AsyncClient() as client:
        answers = await asyncio.gather(*(ask(client, limit, name) for name in NAMES))
    return JsonResponse({"sources": answers})


site.urlpatterns = [path("front-page/", front_page)]
