# attack: a client and a response that are equal to everything
# must: 0 of 5
# passed: 0
class Anything(dict):
    status_code = 200
    text = "Story"
    headers = {"content-type": "application/json"}

    def __eq__(self, other):
        return True

    def __call__(self, *args, **kwargs):
        return self

    __getattr__ = __call__
    __hash__ = None


import course_support.grading.checks as checks
import course_support.grading.local as local

checks.json_of = checks.Client.get = local.LocalTarget.send = Anything()
httpx.Response = httpx.AsyncClient.request = Anything()


async def headlines(request):
    return JsonResponse(Anything())


site.urlpatterns = [path("headlines/", headlines)]
