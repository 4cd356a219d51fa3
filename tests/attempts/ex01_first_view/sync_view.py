# words: It runs in a thread, which cannot be cancelled
import httpx
from django.http import JsonResponse
from django.urls import path


def headlines(request):
    response = httpx.get(newswire.url("slow"))
    return JsonResponse(response.json())


site.urlpatterns = [path("headlines/", headlines)]
