"""The steps of a run, in the order of the data; each combines stages and knows no face."""
