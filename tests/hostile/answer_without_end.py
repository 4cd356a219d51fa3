# attack: an answer that never ends
# must: did not answer within|more than 5 MiB|memory
# passed: 0
import asyncio

from django.http import StreamingHttpResponse


async def drip():
    while True:
        yield b"x"
        await asyncio.sleep(0.01)


async def headlines(request):
    return StreamingHttpResponse(drip())


site.urlpatterns = [path("headlines/", headlines)]
