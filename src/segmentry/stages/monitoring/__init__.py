"""What changes between two runs: which segment of now is which of before."""
