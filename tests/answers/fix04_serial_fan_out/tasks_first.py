import asyncio

import httpx
from django.http import JsonResponse
from django.urls import path

FOUR = ["harbour", "hill", "night", "coast"]


async def fetch(client, name):
    answer = await client.get(newswire.url(name))
    return answer.json()


async def front_of_four(request):
    async with httpx.AsyncClient() as client, asyncio.TaskGroup() as group:
        tasks = [group.create_task(fetch(client, name)) for name in FOUR]
    return JsonResponse({"sources": [task.result() for task in tasks]})


async def fetch_politely(client, name, limit):
    async with limit:
        return await fetch(client, name)


async def morning(request):
    limit = asyncio.Semaphore(2)
    async with httpx.AsyncClient() as client:
        documents = await asyncio.gather(*(fetch_politely(client, name, limit) for name in FOUR))
    return JsonResponse({"sources": documents})


async def ticker(request):
    async with httpx.AsyncClient() as client:
        documents = await asyncio.gather(*(fetch(client, name) for name in FOUR))
    return JsonResponse({"sources": documents})


site.urlpatterns = [
    path("front/", front_of_four),
    path("morning/", morning),
    path("ticker/", ticker),
]
