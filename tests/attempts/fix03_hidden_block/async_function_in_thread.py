# words: a thread calls a plain function
import asyncio

import httpx
from django.http import HttpResponse, JsonResponse
from django.urls import path


async def ask(source):
    async with httpx.AsyncClient() as client:
        return (await client.get(newswire.url(source))).json()


async def front_matter():
    headlines = await asyncio.to_thread(ask, "quick")
    headlines = dict(headlines)["headlines"]
    return {"lead": headlines[0], "stories": len(headlines)}


async def front(request):
    return JsonResponse(await front_matter())


async def ping(request):
    return HttpResponse("pong")


site.urlpatterns = [path("front/", front), path("ping/", ping)]
