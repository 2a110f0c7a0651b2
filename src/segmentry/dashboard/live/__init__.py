"""Charts that are drawn in the page."""
