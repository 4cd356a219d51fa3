# attack: an endless loop in the cell
# must: had not ended after
# passed: 0
while True:
    pass
