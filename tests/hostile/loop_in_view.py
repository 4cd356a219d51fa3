# attack: a view that keeps the event loop for ever
# must: kept the event loop to itself
# passed: 0
async def headlines(request):
    while True:
        pass


site.urlpatterns = [path("headlines/", headlines)]
