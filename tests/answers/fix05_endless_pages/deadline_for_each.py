import asyncio

import httpx
from django.http import JsonResponse
from django.urls import path

LIMIT_S = 0.5


async def document_of(client, name):
    answer = await client.get(newswire.url(name))
    answer.raise_for_status()
    return {"source": name, "status": "ok", "headlines": answer.json()["headlines"]}


async def in_time(client, name):
    try:
        async with asyncio.timeout(LIMIT_S):
            return await document_of(client, name)
    except TimeoutError:
        return {"source": name, "status": "late", "headlines": []}


async def front_of_market(request):
    async with httpx.AsyncClient() as client:
        entry = await in_time(client, "market")
    return JsonResponse({"sources": [entry]})


async def morning(request):
    names = ["hill", "coast", "valley"]
    async with httpx.AsyncClient() as client:
        entries = await asyncio.gather(*(in_time(client, name) for name in names))
    return JsonResponse({"sources": entries})


async def ticker(request):
    async with httpx.AsyncClient() as client:
        while True:
            try:
                return JsonResponse(await document_of(client, "harbour"))
            except httpx.HTTPError:
                await asyncio.sleep(0.05)  # then try again


site.urlpatterns = [
    path("front/", front_of_market),
    path("morning/", morning),
    path("ticker/", ticker),
]
