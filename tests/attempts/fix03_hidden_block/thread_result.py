# words: thread_result.py, line
import asyncio

import httpx
from django.http import HttpResponse, JsonResponse
from django.urls import path


from concurrent.futures import ThreadPoolExecutor

pool = ThreadPoolExecutor(4)


def ask(source):
    return httpx.get(newswire.url(source)).json()


async def front_matter():
    headlines = pool.submit(ask, "quick").result()["headlines"]
    return {"lead": headlines[0], "stories": len(headlines)}


async def front(request):
    return JsonResponse(await front_matter())


async def ping(request):
    return HttpResponse("pong")


site.urlpatterns = [path("front/", front), path("ping/", ping)]
