# attack: a view that keeps the interpreter to itself, inside C
# must: did not answer within|no longer answered
# passed: 0
import re


async def headlines(request):
    re.match(r"(a+)+$", "a" * 60 + "b")


site.urlpatterns = [path("headlines/", headlines)]
