# attack: a module that ends the process when it is imported
# must: exit code 7
# passed: 0
with open("innocent.py", "w") as file:
    file.write("import os; os._exit(7)")
import innocent
