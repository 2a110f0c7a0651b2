"""The run for programs: segments, customers and a scorer as JSON, and the document that describes them."""
