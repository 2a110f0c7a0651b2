"""What sets segments apart, and why customers are where they are."""
