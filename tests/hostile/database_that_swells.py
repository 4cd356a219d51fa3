# attack: a query whose value is larger than the memory of the database's process
# must: database
# passed: 0
import asyncio

from django.db import connection


def ask():
    with connection.cursor() as cursor:
        cursor.execute("SELECT hex(zeroblob(400000000)) || hex(zeroblob(400000000))")


async def headlines(request):
    await asyncio.to_thread(ask)
    return JsonResponse({})


site.urlpatterns = [path("headlines/", headlines)]
