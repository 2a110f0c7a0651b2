"""What charts are drawn with: marks, scales, axes and panels, and the SVG they become."""
