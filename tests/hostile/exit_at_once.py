# attack: the process is ended, as if all were well
# must: ended its process: exit code 0
# passed: 0
import os

os._exit(0)
