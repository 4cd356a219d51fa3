# words: so readers wait for nothing
from django.http import JsonResponse
from django.urls import path


def choice(request):
    form = {
        "front": {"server": "wsgi", "threads": 20, "at_the_wire": 20},
        "archive": {"server": "wsgi", "threads": 1, "at_the_wire": 1},
        "live": {"server": "asgi", "threads": None, "at_the_wire": 30},
    }
    return JsonResponse(form)


site.urlpatterns = [path("choice/", choice)]
