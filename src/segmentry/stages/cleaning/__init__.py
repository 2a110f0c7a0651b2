"""What is wrong with a table, what is done about it, and whether it can carry the answer."""
