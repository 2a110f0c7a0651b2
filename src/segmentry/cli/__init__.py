"""The command line: it only translates between the shell, the workflow and the edges."""

from segmentry.cli.shell import app, run_app, run_main

__all__ = ["app", "run_app", "run_main"]
