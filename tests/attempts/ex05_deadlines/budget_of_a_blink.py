# words: The budget is one second, and it is BUDGET_S
import asyncio

import httpx
from django.http import JsonResponse
from django.urls import path

NAMES = ["harbour", "hill", "night", "coast", "market", "valley", "station", "garden"]
BUDGET_S = 1.0
desk = {"open": 0, "left": 0}


async def show_desk(request):
    return JsonResponse(desk)


async def ask(client, name):
    headlines = []
    try:
        async with asyncio.timeout(BUDGET_S / 4):
            answer = await client.get(newswire.url(name))
            headlines = answer.raise_for_status().json()["headlines"]
        status = "ok"
    except TimeoutError:
        status = "late"
    except (httpx.HTTPError, ValueError):
        status = "failed"
    return {"source": name, "status": status, "headlines": headlines}


async def front_page(request):
    desk["open"] += 1
    try:
        async with httpx.AsyncClient() as client, asyncio.TaskGroup() as group:
            tasks = [group.create_task(ask(client, name)) for name in NAMES]
        return JsonResponse({"sources": [task.result() for task in tasks]})
    except asyncio.CancelledError:
        desk["left"] += 1
        raise
    finally:
        desk["open"] -= 1


site.urlpatterns = [path("front-page/", front_page), path("desk/", show_desk)]
