"""A database that a submission can ask and cannot reach: in a process of its own."""
