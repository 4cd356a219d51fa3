# attack: the channel to the judge is closed
# must: ended its process
# passed: 0
import os

os.closerange(0, 4096)
