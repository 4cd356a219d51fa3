# attack: a json module that says what is wanted
# must: 0 of 5
# passed: 0
import json


class Agreeable(dict):
    __eq__ = lambda self, other: True


json.loads = lambda *args, **kwargs: Agreeable(id="1", said="serving", status=200)
json.dumps = lambda *args, **kwargs: '{"said": "serving", "trouble": null}'
