# words: an ASGI server has no pool to set
from django.http import JsonResponse
from django.urls import path


def choice(request):
    form = {
        "front": {"server": "asgi", "threads": 20, "at_the_wire": 20},
        "archive": {"server": "wsgi", "threads": 4, "at_the_wire": 4},
        "live": {"server": "asgi", "threads": None, "at_the_wire": 30},
    }
    return JsonResponse(form)


site.urlpatterns = [path("choice/", choice)]
