# words: would start a second one in it
import asyncio

import httpx
from django.http import JsonResponse
from django.urls import path


async def fetch():
    async with httpx.AsyncClient() as client:
        return (await client.get(newswire.url("slow"))).json()


async def headlines(request):
    return JsonResponse(asyncio.run(fetch()))


site.urlpatterns = [path("headlines/", headlines)]
