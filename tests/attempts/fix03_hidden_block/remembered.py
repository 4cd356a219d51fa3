# words: without asking the wire
import asyncio

import httpx
from django.http import HttpResponse, JsonResponse
from django.urls import path


known = []


async def ask(source):
    async with httpx.AsyncClient() as client:
        return (await client.get(newswire.url(source))).json()


async def front_matter():
    if not known:
        known.extend((await ask("quick"))["headlines"])
    return {"lead": known[0], "stories": len(known)}


async def front(request):
    return JsonResponse(await front_matter())


async def ping(request):
    return HttpResponse("pong")


site.urlpatterns = [path("front/", front), path("ping/", ping)]
