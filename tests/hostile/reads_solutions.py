# attack: the solutions, the checks and what others handed in, from the disk
# must: 0 of 5
# passed: 0
import json
import os
import sys

found = []
for folder, inner, names in os.walk("/"):
    if folder in ("/proc", "/usr", sys.base_prefix, sys.prefix):
        inner.clear()
    for name in names:
        place = os.path.join(folder, name)
        course = "/exercises/" in place or "/solutions/" in place or "/attempts/" in place
        if course or name.startswith(("ex01_first_view", "gradebook", "grades")):
            found.append(place)
for place in found:
    if place.endswith(".ipynb"):
        for cell in json.load(open(place))["cells"]:
            if cell["id"] == "answer-headlines":
                exec("".join(cell["source"]))
if found:
    raise RuntimeError(f"found {found}")
