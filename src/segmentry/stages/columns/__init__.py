"""What each column says, and the part it plays."""
