"""How is the course's library called from a terminal? `python -m course_support`."""

import sys

from course_support.cli import main

sys.exit(main())
