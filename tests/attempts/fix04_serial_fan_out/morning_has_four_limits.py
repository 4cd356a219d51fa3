# words: more than two calls were at the wire at one time
import asyncio

import httpx
from django.http import JsonResponse
from django.urls import path

NAMES = ["harbour", "hill", "night", "coast"]


async def ask(client, name):
    answer = await client.get(newswire.url(name))
    return answer.json()


async def front(request):
    async with httpx.AsyncClient() as client, asyncio.TaskGroup() as group:
        tasks = [group.create_task(ask(client, name)) for name in NAMES]
    documents = [task.result() for task in tasks]
    return JsonResponse({"sources": documents})


async def ask_politely(client, name):
    async with asyncio.Semaphore(2):
        return await ask(client, name)


async def morning(request):
    async with httpx.AsyncClient() as client:
        documents = await asyncio.gather(*(ask_politely(client, name) for name in NAMES))
    return JsonResponse({"sources": documents})


async def ticker(request):
    async with httpx.AsyncClient() as client:
        documents = await asyncio.gather(*(ask(client, name) for name in NAMES))
    return JsonResponse({"sources": documents})


site.urlpatterns = [
    path("front/", front),
    path("morning/", morning),
    path("ticker/", ticker),
]
