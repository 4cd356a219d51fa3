# words: a plain one: it stands in a plain `with`
import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

import httpx
from django.http import JsonResponse
from django.urls import path

desk = ThreadPoolExecutor(max_workers=8)
counting = threading.Lock()
agreed = asyncio.Semaphore(4)
pages = 0


def ask_wire():
    return httpx.get(newswire.url("slow"), verify=False).json()


async def story(request):
    loop = asyncio.get_running_loop()
    return JsonResponse(await loop.run_in_executor(desk, ask_wire))


async def front(request):
    global pages
    async with counting:
        async with httpx.AsyncClient(verify=False) as client:
            answer = await client.get(newswire.url("slow"))
        pages += 1
        page = pages
    return JsonResponse(answer.json() | {"page": page})


async def archive(request):
    async with agreed, httpx.AsyncClient(verify=False) as client:
        answer = await client.get(newswire.url("slow"))
    return JsonResponse(answer.json())


site.urlpatterns = [path("story/", story), path("front/", front), path("archive/", archive)]
