# words: the answer was made without it
import httpx
from django.http import JsonResponse
from django.urls import path


async def headlines(request):
    return JsonResponse({"source": "slow", "headlines": ["Council votes on the new bridge"]})


site.urlpatterns = [path("headlines/", headlines)]
