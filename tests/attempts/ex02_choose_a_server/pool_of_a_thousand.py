# words: asks for a pool of 1000
from django.http import JsonResponse
from django.urls import path


def choice(request):
    form = {
        "front": {"server": "wsgi", "threads": 1000, "at_the_wire": 20},
        "archive": {"server": "wsgi", "threads": 4, "at_the_wire": 4},
        "live": {"server": "asgi", "threads": None, "at_the_wire": 30},
    }
    return JsonResponse(form)


site.urlpatterns = [path("choice/", choice)]
