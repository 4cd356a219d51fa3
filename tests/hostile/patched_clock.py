# attack: a clock that stands still, and a view that only sleeps
# must: 0 of 5
# passed: 0
import asyncio
import time

time.perf_counter = time.monotonic = time.time = lambda: 0.0


async def headlines(request):
    await asyncio.sleep(1)
    return JsonResponse({"source": "slow", "headlines": []})


site.urlpatterns = [path("headlines/", headlines)]
