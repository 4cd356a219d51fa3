# attack: an answer that does not fit into memory
# must: more than 5 MiB|MemoryError|MiB of memory|did not answer within
# passed: 0
from django.http import HttpResponse


async def headlines(request):
    return HttpResponse(b"x" * 1_000_000_000)


site.urlpatterns = [path("headlines/", headlines)]
