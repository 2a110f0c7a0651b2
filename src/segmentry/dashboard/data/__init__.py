"""What the pages ask of a run folder, and the answers."""
