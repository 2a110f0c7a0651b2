"""Pictures and pages: a record goes in, a chart or text comes out."""
