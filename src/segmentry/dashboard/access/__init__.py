"""Who may come in, and a record of what they downloaded."""
