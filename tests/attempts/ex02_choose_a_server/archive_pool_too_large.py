# words: The archive had 6 calls at once
from django.http import JsonResponse
from django.urls import path


def choice(request):
    form = {
        "front": {"server": "wsgi", "threads": 20, "at_the_wire": 20},
        "archive": {"server": "wsgi", "threads": 6, "at_the_wire": 6},
        "live": {"server": "asgi", "threads": None, "at_the_wire": 30},
    }
    return JsonResponse(form)


site.urlpatterns = [path("choice/", choice)]
