import asyncio

import httpx
from django.http import HttpResponse, JsonResponse
from django.urls import path


async def ping(request):
    return HttpResponse("pong")


def ask(source):
    return httpx.get(newswire.url(source)).json()


async def front_matter():
    headlines = (await asyncio.to_thread(ask, "quick"))["headlines"]
    return {"lead": headlines[0], "stories": len(headlines)}


async def front(request):
    return JsonResponse(await front_matter())


site.urlpatterns = [path("front/", front), path("ping/", ping)]
