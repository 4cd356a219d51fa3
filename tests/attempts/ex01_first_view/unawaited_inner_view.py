# words: returns a coroutine of another function
import httpx
from django.http import JsonResponse
from django.urls import path


async def fetch():
    async with httpx.AsyncClient() as client:
        response = await client.get(newswire.url("slow"))
    return JsonResponse(response.json())


async def headlines(request):
    return fetch()


site.urlpatterns = [path("headlines/", headlines)]
