# attack: a view that ends the process of the site
# must: ended while it answered: exit code 5
# passed: 0
import os


async def headlines(request):
    os._exit(5)


site.urlpatterns = [path("headlines/", headlines)]
