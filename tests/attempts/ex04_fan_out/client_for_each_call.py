# words: 8 connections were opened for 8 calls
import asyncio

import httpx
from django.http import JsonResponse
from django.urls import path

NAMES = ["harbour", "hill", "night", "coast", "market", "valley", "station", "garden"]


async def ask(limit, name):
    async with limit, httpx.AsyncClient(verify=False) as client:
        answer = await client.get(newswire.url(name))
    answer.raise_for_status()
    return answer.json()


async def front_page(request):
    limit = asyncio.Semaphore(4)
    documents = await asyncio.gather(*(ask(limit, name) for name in NAMES))
    return JsonResponse({"sources": documents})


site.urlpatterns = [path("front-page/", front_page)]
