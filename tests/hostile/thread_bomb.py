# attack: threads without end
# must: ended its process|start new thread|ended while it answered
# passed: 0
import threading
import time

while True:
    threading.Thread(target=time.sleep, args=(600,)).start()
