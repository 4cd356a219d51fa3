import asyncio

import httpx
from django.http import JsonResponse
from django.urls import path

agreed = asyncio.Semaphore(4)
pages = 0


async def ask_wire():
    async with httpx.AsyncClient() as client:
        return (await client.get(newswire.url("slow"))).json()


async def story(request):
    return JsonResponse(await ask_wire())


async def front(request):
    global pages
    document = await ask_wire()
    pages += 1
    return JsonResponse(document | {"page": pages})


async def archive(request):
    async with agreed:
        return JsonResponse(await ask_wire())


site.urlpatterns = [path("story/", story), path("front/", front), path("archive/", archive)]
