# words: it is a dict with the keys front, archive, live
from django.http import JsonResponse
from django.urls import path


def choice(request):
    form = {
        "front": {"server": "wsgi", "threads": 20, "at_the_wire": 20},
        "archive": {"server": "wsgi", "threads": 4, "at_the_wire": 4},
        "live": {"server": "asgi", "threads": None, "at_the_wire": 30},
    }
    return JsonResponse(list(form.values()), safe=False)


site.urlpatterns = [path("choice/", choice)]
