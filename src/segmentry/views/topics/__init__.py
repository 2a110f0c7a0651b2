"""What is said of each topic: one view model that the report, the dashboard and the terminal share."""
