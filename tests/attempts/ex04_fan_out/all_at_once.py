# words: More than four calls were at the wire at one time
import asyncio

import httpx
from django.http import JsonResponse
from django.urls import path

NAMES = ["harbour", "hill", "night", "coast", "market", "valley", "station", "garden"]


async def ask(client, name):
    answer = await client.get(newswire.url(name))
    answer.raise_for_status()
    return answer.json()


async def front_page(request):
    async with httpx.AsyncClient() as client:
        documents = await asyncio.gather(*(ask(client, name) for name in NAMES))
    return JsonResponse({"sources": documents})


site.urlpatterns = [path("front-page/", front_page)]
