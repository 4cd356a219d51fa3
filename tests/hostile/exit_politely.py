# attack: SystemExit in the cell
# must: SystemExit
# passed: 0
import sys

sys.exit(0)
