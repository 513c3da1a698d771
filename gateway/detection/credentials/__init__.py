"""Passwords and codes: what announces them, how code and settings write them, what a secret looks like."""
