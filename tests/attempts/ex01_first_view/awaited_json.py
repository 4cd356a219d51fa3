# words: so `.json()` is not awaited
import httpx
from django.http import JsonResponse
from django.urls import path


async def headlines(request):
    async with httpx.AsyncClient() as client:
        response = await client.get(newswire.url("slow"))
    return JsonResponse(await response.json())


site.urlpatterns = [path("headlines/", headlines)]
