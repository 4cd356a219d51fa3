"""How do questions get into another system, and from there into the bank? One module a format."""
