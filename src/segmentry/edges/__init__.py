"""The world: the only files that touch disc, network or an engine."""
