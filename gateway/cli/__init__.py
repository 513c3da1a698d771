"""The command line: one file per verb; the only room besides `observability` that prints."""
