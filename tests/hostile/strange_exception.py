# attack: an exception whose words, notes and name are traps
# must: 0 of 5
# passed: 0
class Trap(Exception):
    def __str__(self):
        raise RuntimeError("no words")

    __notes__ = [object(), "x" * 10_000_000, "\ud800"]


Trap.__name__ = "x" * 1_000_000


async def headlines(request):
    raise Trap


site.urlpatterns = [path("headlines/", headlines)]
