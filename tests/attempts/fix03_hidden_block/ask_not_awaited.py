# words: now gives a coroutine
import asyncio

import httpx
from django.http import HttpResponse, JsonResponse
from django.urls import path


async def ask(source):
    async with httpx.AsyncClient() as client:
        return (await client.get(newswire.url(source))).json()


async def front_matter():
    headlines = ask("quick")["headlines"]
    return {"lead": headlines[0], "stories": len(headlines)}


async def front(request):
    return JsonResponse(await front_matter())


async def ping(request):
    return HttpResponse("pong")


site.urlpatterns = [path("front/", front), path("ping/", ping)]
