# words: The view did not answer within
import asyncio

import httpx
from django.http import JsonResponse
from django.urls import path


async def headlines(request):
    async with httpx.AsyncClient() as client:
        response = await client.get(newswire.url("slow"))
    await asyncio.Event().wait()
    return JsonResponse(response.json())


site.urlpatterns = [path("headlines/", headlines)]
