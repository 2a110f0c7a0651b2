"""Text for the terminal: a run, an evaluation and one customer, each in a screen of text."""
