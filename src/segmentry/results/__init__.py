"""The Python face: what a call returns, and how it prints, plots and saves."""
