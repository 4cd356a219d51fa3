# words: waits until somebody leaves
from django.http import JsonResponse
from django.urls import path


def choice(request):
    form = {
        "front": {"server": "wsgi", "threads": 20, "at_the_wire": 20},
        "archive": {"server": "wsgi", "threads": 4, "at_the_wire": 4},
        "live": {"server": "wsgi", "threads": 40, "at_the_wire": 40},
    }
    return JsonResponse(form)


site.urlpatterns = [path("choice/", choice)]
