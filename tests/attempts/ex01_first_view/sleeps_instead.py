# words: A sleep stands in for the wait
import asyncio

from django.http import JsonResponse
from django.urls import path


async def headlines(request):
    await asyncio.sleep(1)
    return JsonResponse({"source": "slow", "headlines": ["Council votes on the new bridge"]})


site.urlpatterns = [path("headlines/", headlines)]
