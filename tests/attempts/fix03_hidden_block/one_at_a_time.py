# words: lets in one reader at a time
import asyncio

import httpx
from django.http import HttpResponse, JsonResponse
from django.urls import path


lock = asyncio.Lock()


async def ask(source):
    async with lock, httpx.AsyncClient() as client:
        return (await client.get(newswire.url(source))).json()


async def front_matter():
    headlines = (await ask("quick"))["headlines"]
    return {"lead": headlines[0], "stories": len(headlines)}


async def front(request):
    return JsonResponse(await front_matter())


async def ping(request):
    return HttpResponse("pong")


site.urlpatterns = [path("front/", front), path("ping/", ping)]
