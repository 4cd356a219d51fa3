# attack: builtins that agree with everything
# must: 0 of 5
# passed: 0
import builtins

builtins.AssertionError = type("Quiet", (Exception,), {})
builtins.len = lambda value: 1
builtins.any = builtins.all = lambda values: True


async def headlines(request):
    return JsonResponse({"source": "slow", "headlines": []})


site.urlpatterns = [path("headlines/", headlines)]
