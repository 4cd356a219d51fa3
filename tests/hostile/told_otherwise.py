# attack: answers under the right name that say what no answer says
# must: ended while it answered: it sent|could not be read
# passed: 0
import itertools

import course_support.grading.inside as inside

WHOLE = {"status": 200, "headers": [["content-type", "application/json"]], "body": "e30="}
STRANGE = itertools.cycle(
    [
        WHOLE | {"status": 10**400},
        WHOLE | {"headers": [["content-type", "x;charset=\0"], ["set-cookie", "a\r\nb: c"]]},
        WHOLE | {"headers": [["x" * 60_000, "\0"]] * 200},
        WHOLE | {"raised": {"kind": "E", "message": "\ud800", "notes": ["n"] * 201, "line": ""}},
        WHOLE | {"routes": ["a" * 7_000_000]},
    ]
)
inside._told = lambda answer: next(STRANGE)


async def headlines(request):
    return JsonResponse({})


site.urlpatterns = [path("headlines/", headlines)]
