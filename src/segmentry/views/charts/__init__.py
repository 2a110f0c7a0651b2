"""One file per chart, from the record of a run to a figure."""
