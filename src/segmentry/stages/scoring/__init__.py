"""Placing customers, in Python and as one SELECT."""
