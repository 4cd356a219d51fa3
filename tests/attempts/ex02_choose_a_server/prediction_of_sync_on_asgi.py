# words: predicts 1 at the wire
from django.http import JsonResponse
from django.urls import path


def choice(request):
    form = {
        "front": {"server": "asgi", "threads": None, "at_the_wire": 1},
        "archive": {"server": "wsgi", "threads": 4, "at_the_wire": 4},
        "live": {"server": "asgi", "threads": None, "at_the_wire": 30},
    }
    return JsonResponse(form)


site.urlpatterns = [path("choice/", choice)]
