# words: The view kept the event loop to itself
import httpx
from django.http import JsonResponse
from django.urls import path


async def headlines(request):
    response = httpx.get(newswire.url("slow"))
    return JsonResponse(response.json())


site.urlpatterns = [path("headlines/", headlines)]
