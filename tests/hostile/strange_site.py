# attack: a `site` that is none
# must: a `site` that is a Fake
# passed: 0
class Fake:
    urlpatterns = []

    def __getattr__(self, name):
        return lambda *args, **kwargs: self


site = Fake()
