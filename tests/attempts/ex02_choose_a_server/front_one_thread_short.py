# words: the other 1 stood in line
from django.http import JsonResponse
from django.urls import path


def choice(request):
    form = {
        "front": {"server": "wsgi", "threads": 19, "at_the_wire": 19},
        "archive": {"server": "wsgi", "threads": 4, "at_the_wire": 4},
        "live": {"server": "asgi", "threads": None, "at_the_wire": 30},
    }
    return JsonResponse(form)


site.urlpatterns = [path("choice/", choice)]
