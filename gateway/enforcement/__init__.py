"""Carrying out a decision: placeholders, vault, restoration of answers, refusals in the tool's own shape."""
