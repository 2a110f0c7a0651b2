"""The numbers behind the exploratory figures: distributions, and the two-component projection."""
