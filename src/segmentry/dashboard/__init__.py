"""The dashboard: pages made on the server from a run folder, for people and for programs."""
