"""A path or a table in memory, opened, read once and parsed."""

from segmentry.edges.sources.opening import open_source
from segmentry.edges.sources.reading import ReadTable, parse, read_table
from segmentry.edges.sources.source import Source
from segmentry.records.columns import BadValues
from segmentry.stages.columns.parsing_sql import ROW

__all__ = ["ROW", "BadValues", "ReadTable", "Source", "open_source", "parse", "read_table"]
