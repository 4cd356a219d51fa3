# attack: a small answer that unpacks to gigabytes
# must: more than 5 MiB|MemoryError|MiB of memory
# passed: 0
import zlib

from django.http import HttpResponse

packer = zlib.compressobj()
packed = b"".join(packer.compress(bytes(10_000_000)) for _ in range(5)) + packer.flush()


async def headlines(request):
    return HttpResponse(packed, headers={"content-encoding": "deflate"})


site.urlpatterns = [path("headlines/", headlines)]
