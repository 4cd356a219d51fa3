# words: such as a lock
import asyncio

import httpx
from django.http import JsonResponse
from django.urls import path


lock = asyncio.Lock()


async def headlines(request):
    async with lock, httpx.AsyncClient() as client:
        response = await client.get(newswire.url("slow"))
    return JsonResponse(response.json())


site.urlpatterns = [path("headlines/", headlines)]
