"""From an SVG drawing to a PNG file."""
