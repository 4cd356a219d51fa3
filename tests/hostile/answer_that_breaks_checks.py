# attack: JSON that a check may trip over: names that are missing, numbers without end, halves of pairs
# must: 4 of 5(.|\n)*The JSON was
# passed: 4
import itertools

from django.http import HttpResponse

ODD = itertools.cycle(
    [
        '{"source": "\\ud800", "headlines": NaN}',
        '{"headlines": ' + "9" * 4000 + "}",
        "[" * 900 + "]" * 900,
        '{"headlines": [' + "{}," * 200_000 + "1e999]}",
        '"' + "\\u202e" * 100_000 + '"',
        '{"a": 1, "a": {"source": {"source": {"headlines": -Infinity}}}}',
    ]
)


async def headlines(request):
    async with httpx.AsyncClient() as client:
        await client.get(newswire.url("slow"))
    return HttpResponse(next(ODD), content_type="application/json")


site.urlpatterns = [path("headlines/", headlines)]
