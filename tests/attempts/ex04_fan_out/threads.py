# words: They run in threads, or in tasks that nobody waits for
from concurrent.futures import ThreadPoolExecutor

import httpx
from django.http import JsonResponse
from django.urls import path

NAMES = ["harbour", "hill", "night", "coast", "market", "valley", "station", "garden"]


def front_page(request):
    with httpx.Client() as client, ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(client.get, [newswire.url(name) for name in NAMES]))
    return JsonResponse({"sources": [answer.raise_for_status().json() for answer in answers]})


site.urlpatterns = [path("front-page/", front_page)]
