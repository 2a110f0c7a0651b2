"""The use cases, one file for each; the only files that decide what happens."""
