# attack: verdicts that are always true
# must: 0 of 5
# passed: 0
import course_support.grading.judge as judge
import course_support.verdicts as verdicts

verdicts.Verdict.__bool__ = lambda self: True
verdicts.Report.__bool__ = lambda self: True
verdicts.Outcome.INCORRECT = verdicts.Outcome.NOT_ATTEMPTED = verdicts.Outcome.CORRECT
judge.run_checks = judge.check = lambda *_: [verdicts.Verdict(verdicts.Outcome.CORRECT, "all")]


async def headlines(request):
    return JsonResponse({})


site.urlpatterns = [path("headlines/", headlines)]
