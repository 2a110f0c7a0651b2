"""What visitors of the dashboard can download."""
