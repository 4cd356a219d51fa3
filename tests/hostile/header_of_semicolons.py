# attack: a content type that takes the square of its length to read, by way of Django
# must: headers had more than 64 KiB
# passed: 0
from django.http import HttpResponse


async def headlines(request):
    return HttpResponse(b"{}", content_type="a" + ";a" * 1_000_000)


site.urlpatterns = [path("headlines/", headlines)]
