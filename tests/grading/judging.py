"""Judge attempts as the notebook does, in a process of their own. Run by test_attempts.py.

Each line of standard input is the path of an attempt, each line of standard output its pickled
report in base64. Forgotten awaits warn on standard error: that is what some attempts are for.
"""

import asyncio
import base64
import pickle
import sys
from pathlib import Path
from types import ModuleType

from course_support.grading.judge import check
from course_support.live.newswire import newswire
from course_support.live.site import Site


def main():
    say = sys.stdout
    mains = [sys.modules["__main__"]]  # kept: a kernel's lives as long as the kernel
    sys.stdout = sys.stderr  # what an attempt prints must not mix with the reports
    for line in sys.stdin:
        path = Path(line.rstrip("\n"))
        site = Site()
        # As in a kernel: a fresh `__main__` of no file, which another process cannot import.
        main = sys.modules["__main__"] = ModuleType("__main__")
        mains.append(main)
        main.__dict__.update(site=site, newswire=newswire)
        exec(compile(path.read_text("utf-8"), str(path), "exec"), main.__dict__)
        report = asyncio.run(check(path.parent.name, site))
        print(base64.b64encode(pickle.dumps(report)).decode(), file=say, flush=True)


if __name__ == "__main__":
    main()
