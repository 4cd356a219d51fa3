import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

import httpx
from django.http import JsonResponse
from django.urls import path

desk = ThreadPoolExecutor(max_workers=20)
counting = threading.Lock()
agreed = asyncio.Semaphore(4)
pages = 0


def ask_wire():
    return httpx.get(newswire.url("slow")).json()


async def story(request):
    loop = asyncio.get_running_loop()
    return JsonResponse(await loop.run_in_executor(desk, ask_wire))


def front(request):
    global pages
    document = ask_wire()
    with counting:
        pages += 1
        page = pages
    return JsonResponse(document | {"page": page})


async def archive(request):
    async with agreed, httpx.AsyncClient() as client:
        answer = await client.get(newswire.url("slow"))
    return JsonResponse(answer.json())


site.urlpatterns = [path("story/", story), path("front/", front), path("archive/", archive)]
