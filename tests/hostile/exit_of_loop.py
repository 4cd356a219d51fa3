# attack: a view that ends the event loop with SystemExit
# must: ended while it answered|CancelledError
# passed: 0
import sys


async def headlines(request):
    sys.exit(0)


site.urlpatterns = [path("headlines/", headlines)]
