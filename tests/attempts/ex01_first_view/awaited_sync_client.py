# words: To await, ask through an `httpx.AsyncClient`
import httpx
from django.http import JsonResponse
from django.urls import path


async def headlines(request):
    response = await httpx.get(newswire.url("slow"))
    return JsonResponse(response.json())


site.urlpatterns = [path("headlines/", headlines)]
