# words: a coroutine was used in place of its result
import httpx
from django.http import JsonResponse
from django.urls import path


async def headlines(request):
    async with httpx.AsyncClient() as client:
        response = client.get(newswire.url("slow"))
    return JsonResponse(response.json())


site.urlpatterns = [path("headlines/", headlines)]
