"""What to do with a segment, what must be true for it to pay, and how a test finds out."""
