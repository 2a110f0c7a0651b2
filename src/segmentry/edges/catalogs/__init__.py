"""The YAML catalogs, read and checked."""
