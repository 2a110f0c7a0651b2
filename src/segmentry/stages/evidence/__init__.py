"""One file per kind of evidence about the number of segments."""
